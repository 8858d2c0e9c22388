import type { Call, Evidence, Fault } from './evidence.js';
import { historiesOf } from './key-history.js';
import type { KeyHistory } from './key-history.js';
import { POINTS } from './points.mjs';
import type { Settings, StoreKind } from './settings.js';
import { RULES } from './violations.js';
import type { Violation } from './violations.js';

const MAX_HISTORIES = 3;
const MAX_LINES = 30;

/** Faults whose description is the point or the moment at which they happened. */
const INTERRUPTIONS: readonly Fault['kind'][] = ['kill', 'pause'];

const STORE_NAMES: Readonly<Record<StoreKind, string>> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  pgbouncer: 'PostgreSQL behind pgbouncer',
  failover: 'PostgreSQL with failovers',
};

/** The figures of a run, one sentence per line. */
export function figures(settings: Settings, evidence: Evidence, violations: readonly Violation[]): string {
  const { intentions, calls, faults, sessions, outbox, atEnd } = evidence;
  const seconds = calls.reduce((latest, { toMs }) => Math.max(latest, toMs), 0) / 1_000;
  const rules = (['crashed', ...RULES.map(([rule]) => rule)] as const).map(
    (rule) => `${violations.filter((each) => each.rule === rule).length} ${rule}`,
  );
  return [
    `${STORE_NAMES[settings.store]}, ${settings.replicas} replica(s), seed ${settings.seed}, ${seconds.toFixed(0)} s.`,
    `Clients sent ${calls.length} calls for ${intentions.length} payments: ${counts(calls.map(responseName))}.`,
    `Gateways were killed ${times(faults, 'kill')}.`,
    `Gateways were paused ${times(faults, 'pause')}.`,
    `Points that no gateway halted at: ${unreachedPoints(settings, faults)}.`,
    `Connections to Flinks failed ${times(faults, 'Flinks connection')}.`,
    `Flinks failed ${times(faults, 'Flinks')}.`,
    `The database or connections to it failed ${times(faults, 'database')}.`,
    `Flinks has ${sessions.length} sessions and sent ${outbox.length} e-mails.`,
    `The store has these payments: ${counts(atEnd.payments.map(({ delivery, status }) => `${delivery} ${status}`))}.`,
    `The store has these keys: ${counts(atEnd.keys.map(({ state }) => state))}; and ${atEnd.orphans.length} orphaned sessions.`,
    `Violations: ${rules.join(', ')}.`,
  ].join('\n');
}

/** The violations, with the whole history of the first few keys. */
export function describeViolations(evidence: Evidence, violations: readonly Violation[]): string {
  const keys = [...new Set(violations.map(({ key }) => key))];
  const histories = historiesOf(evidence).filter(({ intention }) =>
    keys.slice(0, MAX_HISTORIES).includes(intention.key),
  );
  const lines = violations.slice(0, MAX_LINES).map(({ rule, key, text }) => `${rule} ${key}: ${text}`);
  const more = violations.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more violations`] : []), ...histories.map(historyText)].join('\n');
}

function historyText(history: KeyHistory): string {
  const { intention, calls, faults, sessions } = history;
  const events = [
    ...calls.map((call) => ({ at: call.fromMs, line: `call to replica ${call.replica} (${call.phase})` })),
    ...calls.map((call) => ({
      at: call.toMs,
      line: `${responseText(call)} after ${(call.toMs - call.fromMs).toFixed(0)} ms`,
    })),
    ...faults.map((fault) => ({ at: fault.fromMs, line: `${faultText(fault)} begins` })),
    ...faults.map((fault) => ({ at: fault.toMs, line: `${faultText(fault)} ends` })),
  ].toSorted((one, other) => one.at - other.at);
  return [
    `\nHistory of ${intention.key} (${intention.operation}):`,
    ...events.map(({ at, line }) => `${at.toFixed(0).padStart(8)} ms  ${line}`),
    ...sessions.map((session) => `Flinks has the session ${JSON.stringify(session)}.`),
    `Flinks sent ${history.emails} e-mails. The store has ${history.orphans} orphaned sessions; the key is ${String(history.stateAtEnd)}.`,
    `The store has the payment ${JSON.stringify(history.payment)} with these statuses: ${history.statuses.join(' ')}.`,
  ].join('\n');
}

function responseText({ response }: Call): string {
  if (response.kind !== 'result') return JSON.stringify(response);
  const { name, replayed, payment } = response;
  return `${name} ${replayed === undefined ? '' : `replayed ${String(replayed)} `}${JSON.stringify(payment ?? {})}`;
}

function responseName({ response }: Call): string {
  if (response.kind === 'result') return response.name;
  return response.kind === 'lost' ? response.reason : `${response.status} ${response.code}`;
}

function faultText({ kind, description, replica }: Fault): string {
  const what = INTERRUPTIONS.includes(kind) ? `${kind} at ${description}` : `${kind}: ${description}`;
  return replica === undefined ? what : `${what} of replica ${replica}`;
}

function unreachedPoints({ points = POINTS }: Settings, faults: readonly Fault[]): string {
  const reached = new Set(faults.map(({ description }) => description));
  return points.filter((point) => !reached.has(point)).join(', ') || 'none';
}

/** How often a kind of fault happened, and how often in which form. */
function times(faults: readonly Fault[], kind: Fault['kind']): string {
  const descriptions = faults
    .filter((fault) => fault.kind === kind)
    .map(({ description }) => (INTERRUPTIONS.includes(kind) ? `at ${description}` : description));
  const count = descriptions.length;
  return `${count} ${count === 1 ? 'time' : 'times'}${count === 0 ? '' : `: ${counts(descriptions)}`}`;
}

function counts(names: readonly string[]): string {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found]
    .map(([name, count]) => `${count} ${name}`)
    .toSorted(byNumber)
    .join(', ');
}

const byNumber = (one: string, other: string): number => Number.parseInt(other) - Number.parseInt(one);
