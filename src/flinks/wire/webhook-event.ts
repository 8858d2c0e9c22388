import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../../domain/money.js';
import type { PaymentIdentity } from '../../domain/payment-identity.js';
import type { PaymentStatus } from '../../domain/payment-status.js';
import { Sensitive } from '../../domain/sensitive.js';
import { statusOfWord } from '../translate.js';

/** What Flinks tells of its own accord. Only that it is JSON and names a payment is certain. */
export interface WebhookEvent {
  readonly identity: PaymentIdentity;
  /** Flinks's word, and the status it stands for; undefined for a word that is in no document. */
  readonly word: string | undefined;
  readonly status: PaymentStatus | undefined;
  readonly details: string | undefined;
  /** When it was told, by Flinks's clock; undefined when the event does not say so beyond doubt. */
  readonly when: Date | undefined;
}

/**
 * Names under which each field may come, the surest first, compared without regard to case, `_` and `-`. The e-Transfer event is
 * in no document: the names are those of guaranteed EFT's (docs.flinks.com/guides/pay/geft/webhooks/session-status) and of
 * both status replies [inferred].
 */
const NAMES = {
  paymentRequestId: ['requestId', 'paymentRequestId'],
  sessionId: ['sessionId'],
  referenceId: ['referenceId', 'reference'],
  amount: ['amount'],
  email: ['customerEmail', 'email'],
  status: ['status', 'transactionStatus', 'paymentStatus'],
  details: ['statusDetails', 'details', 'reason'],
  when: ['when', 'timestamp', 'occurredAt', 'eventTime'],
} as const;

/** Objects that may hold the fields, next to a name and a time of the event [inferred]. */
const ENVELOPES = ['data', 'payload', 'event', 'body', 'content', 'transaction', 'paymentRequest', 'session'].map(
  plain,
);
const MOST_ENVELOPES = 3;
/** Ids and words of Flinks's are short; what is longer is none, and need not reach the store. */
const MOST_CHARACTERS = 200;

type Fields = ReadonlyMap<string, unknown>;

/** Undefined when it is not a JSON object, or nothing in it names a payment. */
export function readWebhookEvent(body: Sensitive<Buffer>): WebhookEvent | undefined {
  const value = parse(body);
  if (!isObject(value)) return undefined;
  const fields = fieldsOf(value);
  const text = (field: keyof typeof NAMES) => textOf(first(fields, NAMES[field]));
  const [sessionId, referenceId, email, word] = [text('sessionId'), text('referenceId'), text('email'), text('status')];
  // A bare `id` is the request's in one of the status replies. Beside a session it may as well be that of the event.
  const paymentRequestId = text('paymentRequestId') ?? (sessionId === undefined ? textOf(fields.get('id')) : undefined);
  if ((paymentRequestId ?? sessionId ?? referenceId) === undefined) return undefined;
  return {
    identity: {
      paymentRequestId,
      sessionId: sensitive(sessionId),
      referenceId,
      amountMinor: amountOf(first(fields, NAMES.amount)),
      email: sensitive(email),
      createdAt: undefined,
    },
    word,
    status: word === undefined ? undefined : statusOfWord(word),
    details: text('details'),
    when: timeOf(first(fields, NAMES.when)),
  };
}

function parse(body: Sensitive<Buffer>): unknown {
  try {
    return JSON.parse(
      body
        .reveal()
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch {
    // The parser's message quotes the body, so it is not kept.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object and of the envelopes in it, by plain name; the inner ones count. */
function fieldsOf(value: object, depth = 0): Fields {
  const outer = new Map(Object.entries(value).map(([name, field]) => [plain(name), field as unknown]));
  const inner = ENVELOPES.map((name) => outer.get(name)).find(isObject);
  if (inner === undefined || depth === MOST_ENVELOPES) return outer;
  // Out there it is the event's own.
  outer.delete('id');
  return new Map([...outer, ...fieldsOf(inner, depth + 1)]);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function first(fields: Fields, names: readonly string[]): unknown {
  return names.map((name) => fields.get(plain(name))).find((value) => value !== undefined && value !== null);
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MOST_CHARACTERS) return undefined;
  // No id of ours or Flinks's has control characters, and PostgreSQL takes no NUL.
  return /\p{Cc}/u.test(text) ? undefined : text;
}

function sensitive(text: string | undefined): Sensitive<string> | undefined {
  return text === undefined ? undefined : new Sensitive(text);
}

/** A number is written back as the shortest decimal that means it: the one that was sent, for the digits that amounts have. */
function amountOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined || !isPlainDecimal(text) || hasTooManyDecimals(text)) return undefined;
  const minor = minorUnits(text);
  return Number.isSafeInteger(minor) ? minor : undefined;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
/** Below it a number counts seconds, of a time before the year 5138; above it milliseconds, of one after 1973. */
const MOST_SECONDS = 100_000_000_000;

/** ISO 8601 with its zone (without one it could be any hour), or seconds or milliseconds since the epoch. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value === 'number') return validTime(value < MOST_SECONDS ? value * 1_000 : value);
  return typeof value === 'string' && ISO_TIME.test(value) ? validTime(Date.parse(value)) : undefined;
}

function validTime(ms: number): Date | undefined {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
