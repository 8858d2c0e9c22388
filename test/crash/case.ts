import type { Answer, Call, Evidence, Fault, Intent, StoredPayment } from './evidence.js';
import type { SandboxSession } from '../support/sandbox.js';

type Member = Extract<Answer, { kind: 'member' }>;
export type MemberCall = Call & { readonly answer: Member };

/** All that is known of one key. */
export interface Case {
  readonly intent: Intent;
  /** In the order of their answers. */
  readonly calls: readonly Call[];
  /** Those after which a client does not repeat. */
  readonly finalCalls: readonly MemberCall[];
  readonly answered: boolean;
  readonly sessions: readonly SandboxSession[];
  readonly emails: number;
  readonly payment: StoredPayment | undefined;
  readonly statuses: readonly string[];
  readonly abandoned: number;
  readonly stateAtRest: string | undefined;
  readonly stateAtEnd: string | undefined;
  /** What the harness did to the replicas that were asked, while they were. */
  readonly faults: readonly Fault[];
}

export function casesOf(evidence: Evidence): Case[] {
  const calls = grouped(evidence.calls, ({ key }) => key);
  const sessions = grouped(evidence.sessions, ({ referenceId }) => referenceId);
  const emails = grouped(evidence.outbox, ({ referenceId }) => referenceId);
  const events = grouped(evidence.atEnd.events, ({ paymentId }) => paymentId);
  const abandoned = grouped(evidence.atEnd.abandoned, ({ paymentId }) => paymentId);
  const payments = new Map(evidence.atEnd.payments.map((payment) => [payment.id, payment]));
  const keysAtRest = new Map(evidence.atRest.keys.map((row) => [row.key, row]));
  const keysAtEnd = new Map(evidence.atEnd.keys.map((row) => [row.key, row]));
  const unanswered = new Set(evidence.unanswered);
  return evidence.intents.map((intent): Case => {
    const ofKey = calls(intent.key).toSorted((one, other) => one.toMs - other.toMs);
    const row = keysAtEnd.get(intent.key);
    return {
      intent,
      calls: ofKey,
      finalCalls: ofKey.filter(isFinal),
      answered: !unanswered.has(intent.key),
      sessions: sessions(intent.referenceId),
      emails: emails(intent.referenceId).length,
      payment: row && payments.get(row.paymentId),
      statuses: row === undefined ? [] : events(row.paymentId).map(({ status }) => status),
      abandoned: row === undefined ? 0 : abandoned(row.paymentId).length,
      stateAtRest: keysAtRest.get(intent.key)?.state,
      stateAtEnd: row?.state,
      faults: faultsDuring(
        ofKey.filter(({ phase }) => phase === 'load'),
        evidence.faults,
      ),
    };
  });
}

export function isUnderWay({ state }: { readonly state: string | undefined }): boolean {
  return state === 'CLAIMED' || state === 'MARKED';
}

/** Whether it is an answer after which software does not repeat. */
export function isFinalAnswer(answer: Answer): answer is Member {
  return answer.kind === 'member' && answer.retryAdvice !== 'SAME_KEY';
}

function isFinal(call: Call): call is MemberCall {
  return isFinalAnswer(call.answer);
}

/** The faults that can have changed what these calls came to. */
export function faultsDuring(calls: readonly Call[], faults: readonly Fault[]): Fault[] {
  const fromMs = Math.min(...calls.map((call) => call.fromMs));
  const toMs = Math.max(...calls.map((call) => call.toMs));
  const asked = new Set(calls.map(({ replica }) => replica));
  return faults.filter(
    (fault) =>
      fault.fromMs <= toMs && fault.toMs >= fromMs && (fault.replica === undefined || asked.has(fault.replica)),
  );
}

function grouped<T>(list: readonly T[], keyOf: (each: T) => string): (key: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return (key) => groups.get(key) ?? [];
}
