import type { SandboxSession } from '../support/sandbox.js';
import type { Call, ClientResponse, Evidence, Fault, Intention, StoredPayment } from './evidence.js';

type FinalResult = Extract<ClientResponse, { kind: 'result' }>;
export type FinalCall = Call & { readonly response: FinalResult };

/** Everything that is known about one key. */
export interface KeyHistory {
  readonly intention: Intention;
  /** In the order of their responses. */
  readonly calls: readonly Call[];
  /** The calls after whose response a client does not repeat. */
  readonly finalCalls: readonly FinalCall[];
  readonly hasResult: boolean;
  readonly sessions: readonly SandboxSession[];
  readonly emails: number;
  readonly payment: StoredPayment | undefined;
  readonly statuses: readonly string[];
  readonly orphans: number;
  readonly stateAtRest: string | undefined;
  readonly stateAtEnd: string | undefined;
  /** Faults that affected the replicas during the calls to them. */
  readonly faults: readonly Fault[];
}

export function historiesOf(evidence: Evidence): KeyHistory[] {
  const calls = grouped(evidence.calls, ({ key }) => key);
  const sessions = grouped(evidence.sessions, ({ referenceId }) => referenceId);
  const emails = grouped(evidence.outbox, ({ referenceId }) => referenceId);
  const events = grouped(evidence.atEnd.events, ({ paymentId }) => paymentId);
  const orphans = grouped(evidence.atEnd.orphans, ({ paymentId }) => paymentId);
  const payments = new Map(evidence.atEnd.payments.map((payment) => [payment.id, payment]));
  const keysAtRest = new Map(evidence.atRest.keys.map((row) => [row.key, row]));
  const keysAtEnd = new Map(evidence.atEnd.keys.map((row) => [row.key, row]));
  const withoutResult = new Set(evidence.keysWithoutResult);
  return evidence.intentions.map((intention): KeyHistory => {
    const ofKey = calls(intention.key).toSorted((one, other) => one.toMs - other.toMs);
    const row = keysAtEnd.get(intention.key);
    return {
      intention,
      calls: ofKey,
      finalCalls: ofKey.filter(isFinal),
      hasResult: !withoutResult.has(intention.key),
      sessions: sessions(intention.referenceId),
      emails: emails(intention.referenceId).length,
      payment: row && payments.get(row.paymentId),
      statuses: row === undefined ? [] : events(row.paymentId).map(({ status }) => status),
      orphans: row === undefined ? 0 : orphans(row.paymentId).length,
      stateAtRest: keysAtRest.get(intention.key)?.state,
      stateAtEnd: row?.state,
      faults: faultsDuring(
        ofKey.filter(({ phase }) => phase === 'load'),
        evidence.faults,
      ),
    };
  });
}

export function isInProgress({ state }: { readonly state: string | undefined }): boolean {
  return state === 'CLAIMED' || state === 'MARKED';
}

/** Whether a program does not repeat its call after this response. */
export function isFinalResponse(response: ClientResponse): response is FinalResult {
  return response.kind === 'result' && response.retryAdvice !== 'SAME_KEY';
}

function isFinal(call: Call): call is FinalCall {
  return isFinalResponse(call.response);
}

/** The faults that can have affected these calls. */
export function faultsDuring(calls: readonly Call[], faults: readonly Fault[]): Fault[] {
  const fromMs = Math.min(...calls.map((call) => call.fromMs));
  const toMs = Math.max(...calls.map((call) => call.toMs));
  const called = new Set(calls.map(({ replica }) => replica));
  return faults.filter(
    (fault) =>
      fault.fromMs <= toMs && fault.toMs >= fromMs && (fault.replica === undefined || called.has(fault.replica)),
  );
}

function grouped<T>(list: readonly T[], keyOf: (item: T) => string): (key: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return (key) => groups.get(key) ?? [];
}
