import { PAYMENT_SESSION_STATUSES } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import type { Case, MemberCall } from './case.js';
import { casesOf, faultsDuring, isUnderWay } from './case.js';
import type { Evidence } from './evidence.js';

export type Rule = (typeof RULES)[number][0] | 'crashed';

export interface Violation {
  readonly rule: Rule;
  readonly key: string;
  readonly text: string;
}

/** Everything in a run that must not be. Pure: what it says depends on the evidence alone. */
export function judge(evidence: Evidence): Violation[] {
  const crashes = evidence.crashes.map((text): Violation => ({ rule: 'crashed', key: 'a gateway', text }));
  const cases = casesOf(evidence).flatMap((each) =>
    RULES.flatMap(([rule, check]) => check(each, evidence).map((text) => ({ rule, key: each.intent.key, text }))),
  );
  return [...crashes, ...cases];
}

export const RULES = [
  ['duplicate', duplicates],
  ['unpayable', unpayable],
  ['unaccounted', unaccounted],
  ['lost', lost],
  ['backwards', backwards],
  ['stuck', stuck],
  ['unexplained', unexplained],
  ['wrong', wrong],
] as const satisfies [string, (each: Case, evidence: Evidence) => string[]][];

const successes = ({ finalCalls }: Case): MemberCall[] =>
  finalCalls.filter(({ answer }) => answer.name.endsWith('Success'));
const unknowns = ({ finalCalls }: Case): MemberCall[] =>
  finalCalls.filter(({ answer }) => answer.name === 'PaymentOutcomeUnknownError');

/** What clients were given, ever. */
function handedOut(each: Case): Set<string> {
  return new Set(successes(each).flatMap(({ answer }) => answer.payment?.flinksSessionId ?? []));
}

/** G1: one key, at most one session handed out, one e-mail, one payment, one answer that is not a repetition. */
function duplicates(each: Case): string[] {
  const payments = new Set(each.finalCalls.flatMap(({ answer }) => answer.payment?.id ?? []));
  const fresh = successes(each).filter(({ answer }) => answer.replayed === false);
  return [
    ...tooMany(handedOut(each).size, 'sessions handed out'),
    ...tooMany(each.emails, 'e-mails'),
    ...tooMany(payments.size, 'payment ids'),
    ...tooMany(fresh.length, 'successes that claim to be the first'),
  ];
}

function tooMany(count: number, what: string): string[] {
  return count > 1 ? [`${count} ${what}`] : [];
}

/** What is handed out can be paid, is of this payment and agrees with its link; what is said to be e-mailed is. */
function unpayable(each: Case): string[] {
  const payable = new Set(each.sessions.flatMap(({ sessionId, requestId }) => (requestId === null ? [] : sessionId)));
  const foreign = [...handedOut(each)].filter((sessionId) => !payable.has(sessionId));
  const given = successes(each).map(({ answer }) => answer.payment);
  const unlinked = given.flatMap((payment) =>
    payment?.paymentUrl?.includes(payment.flinksSessionId ?? '?') === false ? payment.paymentUrl : [],
  );
  const byEmail = each.intent.operation === 'sendPaymentRequest';
  const sent = given.some((payment) => payment?.status === 'INITIATED');
  return [
    ...foreign.map((sessionId) => `session ${sessionId} is not a payable one of this payment`),
    ...unlinked.map((url) => `${url} is not the link of the session`),
    ...(byEmail && sent && each.emails === 0 ? ['said to be e-mailed, and was not'] : []),
    ...(!byEmail && given.some((payment) => payment?.flinksSessionId == null) ? ['a success without a session'] : []),
  ];
}

/** A session that could be paid and that nobody was given is on the list of the abandoned. */
function unaccounted(each: Case): string[] {
  const known = handedOut(each);
  const left = each.sessions.filter(
    ({ sessionId, startedBy, requestId }) => startedBy === 'initiate' && requestId !== null && !known.has(sessionId),
  );
  return each.abandoned > 0
    ? []
    : left.map(({ sessionId }) => `session ${sessionId} is active and accounted for nowhere`);
}

/** What was acknowledged is in the store, as it was acknowledged. */
function lost(each: Case): string[] {
  const acknowledged = each.finalCalls.flatMap(({ answer }) => answer.payment ?? []);
  const { payment: row, intent } = each;
  if (acknowledged.length === 0) return [];
  if (row === undefined) return ['acknowledged, and the store has no payment under this key'];
  const differing = acknowledged.filter(
    ({ id, referenceId, amount }) =>
      id !== row.id ||
      referenceId !== row.referenceId ||
      Math.round(Number(amount.value) * 100) !== row.amountMinor ||
      row.amountMinor !== intent.amountMinor,
  );
  return [
    ...differing.map((payment) => `acknowledged ${JSON.stringify(payment)}, stored ${JSON.stringify(row)}`),
    ...(handedOut(each).size > 0 && !row.hasSession ? ['the store does not have the session that was handed out'] : []),
  ];
}

const rankOf = (status: string): number => PAYMENT_SESSION_STATUSES.indexOf(status as PaymentSessionStatus);

/** G6: no status follows a higher one, in the events, between them and the row, and between answers and the row. */
function backwards({ statuses, payment, finalCalls }: Case): string[] {
  if (payment === undefined) return [];
  const falls = statuses.filter((status, index) => rankOf(status) < rankOf(statuses[index - 1] ?? status));
  const told = finalCalls.flatMap(({ answer }) => answer.payment?.status ?? []);
  const ahead = told.filter((status) => rankOf(status) > rankOf(payment.status));
  return [
    ...falls.map((status) => `fell back to ${status}: ${statuses.join(' ')}`),
    ...ahead.map((status) => `told ${status}, stored ${payment.status}`),
    ...(statuses.at(-1) === payment.status
      ? []
      : [`events end at ${statuses.join(' ')}, the row at ${payment.status}`]),
  ];
}

/** When all is healthy and a lease has passed, nothing is under way any more and every key is answered. */
function stuck({ stateAtRest, stateAtEnd, answered, finalCalls }: Case): string[] {
  return [
    ...(isUnderWay({ state: stateAtRest }) ? [`${String(stateAtRest)} though a lease has passed`] : []),
    ...(isUnderWay({ state: stateAtEnd }) ? [`${String(stateAtEnd)} at the end`] : []),
    ...(answered ? [] : ['clients got no final answer']),
    ...(finalCalls.some(({ phase }) => phase === 'replay') ? [] : ['the replay got no final answer']),
  ];
}

/** Every unknown has a cause: something that the harness did while the payment was attempted. */
function unexplained(each: Case, { faults, mutationMs }: Evidence): string[] {
  const [first] = unknowns(each);
  const untilMs = first?.toMs ?? (each.payment?.status === 'OUTCOME_UNKNOWN' ? Infinity : 0);
  const attempts = each.calls
    .filter(({ fromMs, phase }) => fromMs < untilMs && phase === 'load')
    // An attempt goes on when its caller has hung up.
    .map((call) => ({ ...call, toMs: Math.min(untilMs, call.toMs + mutationMs) }));
  return untilMs === 0 || faultsDuring(attempts, faults).length > 0 ? [] : ['unknown without a cause'];
}

/** Answers that no client may get, and answers that take back an earlier one. */
function wrong({ intent, calls, finalCalls }: Case): string[] {
  const faults = calls.flatMap(({ answer }) =>
    answer.kind === 'fault' && (answer.status < 500 || answer.code === 'INTERNAL_SERVER_ERROR')
      ? [`answered ${answer.status} ${answer.code}`]
      : [],
  );
  const byLink = intent.operation === 'createPaymentSession';
  const impossible = new Set([
    'InvalidPaymentInputError',
    'IdempotencyKeyReusedError',
    byLink ? 'PaymentOutcomeUnknownError' : '',
  ]);
  const members = finalCalls.flatMap(({ answer }) => (impossible.has(answer.name) ? [`answered ${answer.name}`] : []));
  const reversals = finalCalls.flatMap((later) =>
    finalCalls.flatMap((earlier) => (earlier.toMs <= later.fromMs ? reversal(earlier, later) : [])),
  );
  return [...faults, ...members, ...new Set(reversals)];
}

/** Why a call that began after the answer to another one must not be answered as it was. */
function reversal({ answer: earlier }: MemberCall, { answer: later }: MemberCall): string[] {
  const resolved = earlier.name === 'PaymentOutcomeUnknownError' && later.name.endsWith('Success');
  if (later.name !== earlier.name && !resolved) return [`${earlier.name}, then ${later.name}`];
  if (earlier.payment?.id !== later.payment?.id) return ['another payment than before'];
  if (later.replayed === false) return ['a repeated answer that claims to be the first'];
  const known = earlier.payment?.paymentUrl ?? undefined;
  return known !== undefined && known !== later.payment?.paymentUrl ? ['another link than before'] : [];
}
