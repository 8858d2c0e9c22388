import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { toSensitive } from '../../domain/sensitive.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { reportedFlinksId, reportedId } from '../../domain/ids.js';
import { toPaymentStatus } from './reported-status.js';
import { amountOf, currencyOf, textOf } from './payment-identity.js';

/** A webhook event from Flinks. It is certain only that it is JSON and names a payment. */
export interface WebhookEvent {
  readonly identity: PaymentIdentity;
  /** The status as Flinks spells it. */
  readonly providerStatus: string | undefined;
  /** The status that `providerStatus` maps to; undefined for an unrecognized one. */
  readonly status: PaymentSessionStatus | undefined;
  readonly details: string | undefined;
  /** When the event happened by Flinks's clock; undefined unless the event states it unambiguously. */
  readonly when: Date | undefined;
  /** Names of id fields that are present without a usable id. */
  readonly withoutId: readonly string[];
}

/**
 * Possible names of each field, the most certain first, compared without regard to case, `_` and `-`. No document
 * describes the e-Transfer event: the names are those of guaranteed EFT's event
 * (docs.flinks.com/guides/pay/geft/webhooks/session-status) and of both status responses [inferred].
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

/** Objects that may contain the fields, next to a name and a time of the event [inferred]. Spelled as by `plain`. */
const ENVELOPES = ['data', 'payload', 'event', 'body', 'content', 'transaction', 'paymentrequest', 'session'];
const MAX_ENVELOPES = 3;

const ID_FIELDS = ['paymentRequestId', 'sessionId', 'referenceId'] as const;

type Fields = ReadonlyMap<string, unknown>;

/** Reads a webhook event. Returns undefined if the body is not a JSON object or nothing in it names a payment. */
export function readWebhookEvent(body: Sensitive<Buffer>): WebhookEvent | undefined {
  const value = parse(body);
  if (!isObject(value)) return undefined;
  const fields = fieldsOf(value);
  const valuesOf = (name: keyof typeof NAMES) => NAMES[name].map((each) => fields.get(plain(each)));
  const field = (name: keyof typeof NAMES) => valuesOf(name).find((value) => value !== undefined && value !== null);
  const text = (name: keyof typeof NAMES) => textOf(field(name));
  const ids = {
    paymentRequestId: valuesOf('paymentRequestId').map(reportedFlinksId).find(isDefined),
    sessionId: valuesOf('sessionId').map(reportedFlinksId).find(isDefined),
    referenceId: valuesOf('referenceId').map(reportedId).find(isDefined),
  };
  const { paymentRequestId, sessionId } = ids;
  // Next to an id of Flinks's, a field named `reference` may be the bank's.
  const isBank = (paymentRequestId ?? sessionId) !== undefined;
  const referenceId = ids.referenceId ?? (isBank ? undefined : reportedId(fields.get('reference')));
  // In one of the status responses `id` is the payment request's, elsewhere the event's own.
  const bareId = paymentRequestId === undefined ? reportedFlinksId(fields.get('id')) : undefined;
  if ((paymentRequestId ?? sessionId ?? referenceId ?? bareId) === undefined) return undefined;
  const providerStatus = text('status');
  return {
    identity: {
      paymentRequestId,
      bareId,
      sessionId: toSensitive(sessionId),
      referenceId,
      amountMinor: amountOf(field('amount')),
      currency: currencyOf(field('currency')),
      email: toSensitive(text('email')),
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
  const text = body.reveal().toString('utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's message quotes the body, so it is dropped.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object and of its envelopes, by normalized name. Inner fields override outer ones. */
function fieldsOf(value: object, depth = 0): Fields {
  const outer = new Map(Object.entries(value).map(([name, field]) => [plain(name), field as unknown]));
  const inner = ENVELOPES.map((name) => outer.get(name)).find(isObject);
  if (inner === undefined || depth === MAX_ENVELOPES) return outer;
  // Outside an envelope `id` is the event's own.
  outer.delete('id');
  return new Map([...outer, ...fieldsOf(inner, depth + 1)]);
}

const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

function isDefined(id: string | undefined): boolean {
  return id !== undefined;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
/** A smaller number counts seconds (up to the year 5138), a larger one milliseconds (from 1973 on). */
const MAX_SECONDS = 100_000_000_000;

/** Parses ISO 8601 with a time zone (else the time is ambiguous), or seconds or milliseconds since the epoch. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value === 'number') return validTime(value < MAX_SECONDS ? value * 1_000 : value);
  return typeof value === 'string' && ISO_TIME.test(value) ? validTime(Date.parse(value)) : undefined;
}

function validTime(ms: number): Date | undefined {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
