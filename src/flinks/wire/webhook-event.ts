import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { reportedFlinksId, reportedId } from '../../domain/reported-id.js';
import { toPaymentStatus } from '../status-mapping.js';
import { amountOf, currencyOf, sensitive, textOf } from './payment-identity.js';

/** What Flinks tells of its own accord. Only that it is JSON and names a payment is certain. */
export interface WebhookEvent {
  readonly identity: PaymentIdentity;
  /** Flinks's word, and the status it stands for; undefined for a word that is in no document. */
  readonly providerStatus: string | undefined;
  readonly status: PaymentSessionStatus | undefined;
  readonly details: string | undefined;
  /** When it was told, by Flinks's clock; undefined when the event does not say so beyond doubt. */
  readonly when: Date | undefined;
  /** Names of fields that hold no id although they are there. */
  readonly withoutId: readonly string[];
}

/**
 * Names under which each field may come, the surest first, compared without regard to case, `_` and `-`. The e-Transfer event is
 * in no document: the names are those of guaranteed EFT's (docs.flinks.com/guides/pay/geft/webhooks/session-status) and of
 * both status replies [inferred].
 */
const NAMES = {
  paymentRequestId: ['requestId', 'paymentRequestId'],
  sessionId: ['sessionId'],
  referenceId: ['referenceId'],
  amount: ['amount'],
  currency: ['currency', 'currencyCode'],
  email: ['customerEmail', 'email'],
  status: ['status', 'transactionStatus', 'paymentStatus'],
  details: ['statusDetails', 'details', 'reason'],
  when: ['when', 'timestamp', 'occurredAt', 'eventTime'],
} as const;

/** Objects that may hold the fields, next to a name and a time of the event [inferred]. */
const ENVELOPES = ['data', 'payload', 'event', 'body', 'content', 'transaction', 'paymentRequest', 'session'].map(
  plain,
);
const MAX_ENVELOPES = 3;

const ID_FIELDS = ['paymentRequestId', 'sessionId', 'referenceId'] as const;

type Fields = ReadonlyMap<string, unknown>;

/** Undefined when it is not a JSON object, or nothing in it names a payment. */
export function readWebhookEvent(body: Sensitive<Buffer>): WebhookEvent | undefined {
  const value = parse(body);
  if (!isObject(value)) return undefined;
  const fields = fieldsOf(value);
  const field = (name: keyof typeof NAMES) => first(fields, NAMES[name]);
  const text = (name: keyof typeof NAMES) => textOf(field(name));
  const ids = {
    paymentRequestId: firstId(fields, NAMES.paymentRequestId, reportedFlinksId),
    sessionId: firstId(fields, NAMES.sessionId, reportedFlinksId),
    referenceId: firstId(fields, NAMES.referenceId, reportedId),
  };
  const { paymentRequestId, sessionId } = ids;
  // Beside an id of Flinks's a bare reference may be the bank's.
  const isBank = (paymentRequestId ?? sessionId) !== undefined;
  const referenceId = ids.referenceId ?? (isBank ? undefined : reportedId(fields.get('reference')));
  // The request's in one of the status replies, the event's own elsewhere.
  const bareId = paymentRequestId === undefined ? reportedFlinksId(fields.get('id')) : undefined;
  if ((paymentRequestId ?? sessionId ?? referenceId ?? bareId) === undefined) return undefined;
  const providerStatus = text('status');
  return {
    identity: {
      paymentRequestId,
      bareId,
      sessionId: sensitive(sessionId),
      referenceId,
      amountMinor: amountOf(field('amount')),
      currency: currencyOf(field('currency')),
      email: sensitive(text('email')),
      createdAt: undefined,
    },
    providerStatus,
    status: providerStatus === undefined ? undefined : toPaymentStatus(providerStatus),
    details: text('details'),
    when: timeOf(field('when')),
    withoutId: ID_FIELDS.filter((name) => field(name) !== undefined && ids[name] === undefined),
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
  if (inner === undefined || depth === MAX_ENVELOPES) return outer;
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

/** The first that is an id, of the names of one. */
function firstId(
  fields: Fields,
  names: readonly string[],
  read: (value: unknown) => string | undefined,
): string | undefined {
  return names.map((name) => read(fields.get(plain(name)))).find((id) => id !== undefined);
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
/** Below it a number counts seconds, of a time before the year 5138; above it milliseconds, of one after 1973. */
const MAX_SECONDS = 100_000_000_000;

/** ISO 8601 with its zone (without one it could be any hour), or seconds or milliseconds since the epoch. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value === 'number') return validTime(value < MAX_SECONDS ? value * 1_000 : value);
  return typeof value === 'string' && ISO_TIME.test(value) ? validTime(Date.parse(value)) : undefined;
}

function validTime(ms: number): Date | undefined {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
