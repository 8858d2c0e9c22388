import { PAYMENT_SESSION_STATUSES } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import type { Evidence } from './evidence.js';
import { faultsDuring, historiesOf, isInProgress } from './key-history.js';
import type { FinalCall, KeyHistory } from './key-history.js';

export type Rule = (typeof RULES)[number][0] | 'crashed';

export interface Violation {
  readonly rule: Rule;
  readonly key: string;
  readonly text: string;
}

/** Finds everything in a run that must not happen. The result depends only on the evidence. */
export function findViolations(evidence: Evidence): Violation[] {
  const crashes = evidence.crashes.map((text): Violation => ({ rule: 'crashed', key: 'a gateway', text }));
  const ofKeys = historiesOf(evidence).flatMap((history) =>
    RULES.flatMap(([rule, check]) =>
      check(history, evidence).map((text) => ({ rule, key: history.intention.key, text })),
    ),
  );
  return [...crashes, ...ofKeys];
}

export const RULES = [
  ['duplicate', duplicates],
  ['unpayable', unpayable],
  ['unrecorded', unrecorded],
  ['lost', lost],
  ['backwards', backwards],
  ['stuck', stuck],
  ['unexplained', unexplained],
  ['wrong', wrong],
] as const satisfies [string, (history: KeyHistory, evidence: Evidence) => string[]][];

const successesOf = ({ finalCalls }: KeyHistory): FinalCall[] =>
  finalCalls.filter(({ response }) => response.name.endsWith('Success'));
const unknownsOf = ({ finalCalls }: KeyHistory): FinalCall[] =>
  finalCalls.filter(({ response }) => response.name === 'PaymentOutcomeUnknownError');

/** All sessions that clients ever received. */
function sessionsHandedOut(history: KeyHistory): Set<string> {
  return new Set(successesOf(history).flatMap(({ response }) => response.payment?.flinksSessionId ?? []));
}

/** A key has at most one session that was handed out, one e-mail, one payment, and one success that is not a replay. */
function duplicates(history: KeyHistory): string[] {
  const payments = new Set(history.finalCalls.flatMap(({ response }) => response.payment?.id ?? []));
  const first = successesOf(history).filter(({ response }) => response.replayed === false);
  return [
    ...moreThanOne(sessionsHandedOut(history).size, 'Clients received', 'sessions'),
    ...moreThanOne(history.emails, 'Flinks sent', 'e-mails'),
    ...moreThanOne(payments.size, 'Clients received', 'payment ids'),
    ...moreThanOne(first.length, 'Clients received', 'successes that are not marked as replays'),
  ];
}

function moreThanOne(count: number, subject: string, object: string): string[] {
  return count > 1 ? [`${subject} ${count} ${object}.`] : [];
}

/**
 * A session that was handed out can be paid, belongs to the payment, and is the one in its link. A payment that is reported as
 * e-mailed was e-mailed.
 */
function unpayable(history: KeyHistory): string[] {
  const payable = new Set(
    history.sessions.flatMap(({ sessionId, requestId }) => (requestId === null ? [] : sessionId)),
  );
  const foreign = [...sessionsHandedOut(history)].filter((sessionId) => !payable.has(sessionId));
  const received = successesOf(history).map(({ response }) => response.payment);
  const otherLinks = received.flatMap((payment) =>
    payment?.paymentUrl?.includes(payment.flinksSessionId ?? '?') === false ? payment.paymentUrl : [],
  );
  const isEmail = history.intention.operation === 'sendPaymentRequest';
  const isReportedSent = received.some((payment) => payment?.status === 'INITIATED');
  const isWithoutSession = received.some((payment) => payment?.flinksSessionId == null);
  return [
    ...foreign.map((sessionId) => `The session ${sessionId} is not a payable session of this payment.`),
    ...otherLinks.map((url) => `The link ${url} is not that of the session.`),
    ...(isEmail && isReportedSent && history.emails === 0
      ? ['The e-mail was reported as sent, but was not sent.']
      : []),
    ...(!isEmail && isWithoutSession ? ['A client received a success without a session.'] : []),
  ];
}

/** A session that can be paid and that no client received is recorded as orphaned. */
function unrecorded(history: KeyHistory): string[] {
  const received = sessionsHandedOut(history);
  const orphaned = history.sessions.filter(
    ({ sessionId, startedBy, requestId }) => startedBy === 'initiate' && requestId !== null && !received.has(sessionId),
  );
  return history.orphans > 0
    ? []
    : orphaned.map(
        ({ sessionId }) => `No client received the session ${sessionId}, and it is not recorded as orphaned.`,
      );
}

/** Every payment that a client received is in the store, unchanged. */
function lost(history: KeyHistory): string[] {
  const received = history.finalCalls.flatMap(({ response }) => response.payment ?? []);
  const { payment: row, intention } = history;
  if (received.length === 0) return [];
  if (row === undefined) return ['A client received a payment, and the store has none under this key.'];
  const differing = received.filter(
    ({ id, referenceId, amount }) =>
      id !== row.id ||
      referenceId !== row.referenceId ||
      Math.round(Number(amount.value) * 100) !== row.amountMinor ||
      row.amountMinor !== intention.amountMinor,
  );
  return [
    ...differing.map(
      (payment) => `A client received ${JSON.stringify(payment)}, but the store has ${JSON.stringify(row)}.`,
    ),
    ...(sessionsHandedOut(history).size > 0 && !row.hasSession
      ? ['The store does not have the session that a client received.']
      : []),
  ];
}

const rankOf = (status: string): number => PAYMENT_SESSION_STATUSES.indexOf(status as PaymentSessionStatus);

/** A status never moves to a lower rank: not in the events, not from the events to the payment, and not in responses. */
function backwards({ statuses, payment, finalCalls }: KeyHistory): string[] {
  if (payment === undefined) return [];
  const lower = statuses.filter((status, index) => rankOf(status) < rankOf(statuses[index - 1] ?? status));
  const received = finalCalls.flatMap(({ response }) => response.payment?.status ?? []);
  const higher = received.filter((status) => rankOf(status) > rankOf(payment.status));
  return [
    ...lower.map((status) => `The status moved back to ${status}: ${statuses.join(' ')}.`),
    ...higher.map((status) => `A client received ${status}, but the store has ${payment.status}.`),
    ...(statuses.at(-1) === payment.status
      ? []
      : [`The events are ${statuses.join(' ')}, but the status is ${payment.status}.`]),
  ];
}

/** After a lease without faults no attempt is in progress, and every key returns a final result. */
function stuck({ stateAtRest, stateAtEnd, hasResult, finalCalls }: KeyHistory): string[] {
  return [
    ...(isInProgress({ state: stateAtRest })
      ? [`The key is ${String(stateAtRest)} after a lease without faults.`]
      : []),
    ...(isInProgress({ state: stateAtEnd }) ? [`The key is ${String(stateAtEnd)} at the end.`] : []),
    ...(hasResult ? [] : ['Clients received no final result.']),
    ...(finalCalls.some(({ phase }) => phase === 'replay') ? [] : ['The replay returned no final result.']),
  ];
}

/** Every unknown outcome has a cause: a fault during an attempt. */
function unexplained(history: KeyHistory, { faults, mutationTimeoutMs }: Evidence): string[] {
  const [first] = unknownsOf(history);
  const untilMs = first?.toMs ?? (history.payment?.status === 'OUTCOME_UNKNOWN' ? Infinity : 0);
  const attempts = history.calls
    .filter(({ fromMs, phase }) => fromMs < untilMs && phase === 'load')
    // An attempt continues after its client has closed the connection.
    .map((call) => ({ ...call, toMs: Math.min(untilMs, call.toMs + mutationTimeoutMs) }));
  return untilMs === 0 || faultsDuring(attempts, faults).length > 0
    ? []
    : ['The outcome is unknown, although no fault happened during an attempt.'];
}

/** No client receives an impossible response, or one that contradicts an earlier response. */
function wrong({ intention, calls, finalCalls }: KeyHistory): string[] {
  const errors = calls.flatMap(({ response }) =>
    response.kind === 'error' && (response.status < 500 || response.code === 'INTERNAL_SERVER_ERROR')
      ? [`A client received ${response.status} ${response.code}.`]
      : [],
  );
  const isLink = intention.operation === 'createPaymentSession';
  const impossible = new Set([
    'InvalidPaymentInputError',
    'IdempotencyKeyReusedError',
    isLink ? 'PaymentOutcomeUnknownError' : '',
  ]);
  const results = finalCalls.flatMap(({ response }) =>
    impossible.has(response.name) ? [`A client received ${response.name}.`] : [],
  );
  const contradictions = finalCalls.flatMap((later) =>
    finalCalls.flatMap((earlier) => (earlier.toMs <= later.fromMs ? contradictionsOf(earlier, later) : [])),
  );
  return [...errors, ...results, ...new Set(contradictions)];
}

/** How the response to a call contradicts that of a call which had ended before. */
function contradictionsOf({ response: earlier }: FinalCall, { response: later }: FinalCall): string[] {
  const isResolved = earlier.name === 'PaymentOutcomeUnknownError' && later.name.endsWith('Success');
  if (later.name !== earlier.name && !isResolved) return [`${later.name} followed ${earlier.name}.`];
  if (earlier.payment?.id !== later.payment?.id) return ['A later response has another payment.'];
  if (later.replayed === false) return ['A later response is not marked as a replay.'];
  const link = earlier.payment?.paymentUrl ?? undefined;
  return link !== undefined && link !== later.payment?.paymentUrl ? ['A later response has another link.'] : [];
}
