import { casesOf } from './case.js';
import type { Case } from './case.js';
import type { Call, Evidence, Fault } from './evidence.js';
import { RULES } from './judge.js';
import type { Violation } from './judge.js';
import { POINTS } from './points.mjs';
import type { Settings } from './settings.js';

const STORIES = 3;
const MOST_LINES = 30;

/** The figures of a run, a line each. */
export function figures(settings: Settings, evidence: Evidence, violations: readonly Violation[]): string {
  const { intents, calls, faults, sessions, outbox, atEnd } = evidence;
  const lasted = calls.reduce((latest, { toMs }) => Math.max(latest, toMs), 0) / 1_000;
  return [
    `${settings.store}, ${settings.replicas} replica(s), seed ${settings.seed}, ${lasted.toFixed(0)} s`,
    `payments     ${intents.length}`,
    `calls        ${calls.length}: ${counts(calls.map(nameOf))}`,
    `kills        ${tally(faults, 'kill')}`,
    `pauses       ${tally(faults, 'pause')}`,
    `not reached  ${missed(settings, faults)}`,
    `cuts         ${tally(faults, 'cut')}`,
    `upstream     ${tally(faults, 'upstream')}`,
    `store        ${tally(faults, 'store')}`,
    `at Flinks    ${sessions.length} sessions, ${outbox.length} e-mails`,
    `in the store ${counts(atEnd.payments.map(({ delivery, status }) => `${delivery} ${status}`))}`,
    `keys         ${counts(atEnd.keys.map(({ state }) => state))}; ${atEnd.abandoned.length} abandoned attempts`,
    ...(['crashed', ...RULES.map(([rule]) => rule)] as const).map(
      (rule) => `${rule.padEnd(12)} ${violations.filter((each) => each.rule === rule).length}`,
    ),
  ].join('\n');
}

/** What went wrong, and the whole story of the first few keys. */
export function complaint(evidence: Evidence, violations: readonly Violation[]): string {
  const keys = [...new Set(violations.map(({ key }) => key))];
  const cases = casesOf(evidence).filter(({ intent }) => keys.slice(0, STORIES).includes(intent.key));
  const lines = violations.slice(0, MOST_LINES).map(({ rule, key, text }) => `${rule} ${key}: ${text}`);
  const more = violations.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : []), ...cases.map((each) => story(each))].join('\n');
}

function story(each: Case): string {
  const { intent, calls, faults, sessions } = each;
  const events = [
    ...calls.map((call) => ({ at: call.fromMs, line: `asks replica ${call.replica} (${call.phase})` })),
    ...calls.map((call) => ({
      at: call.toMs,
      line: `${replyOf(call)} after ${(call.toMs - call.fromMs).toFixed(0)} ms`,
    })),
    ...faults.map((fault) => ({ at: fault.fromMs, line: `${fault.kind}: ${fault.what}${ofReplica(fault)}` })),
    ...faults.map((fault) => ({ at: fault.toMs, line: `${fault.kind}: ${fault.what}${ofReplica(fault)} is over` })),
  ].toSorted((one, other) => one.at - other.at);
  return [
    `\n${intent.operation} ${intent.key}`,
    ...events.map(({ at, line }) => `${at.toFixed(0).padStart(8)} ms  ${line}`),
    ...sessions.map((session) => `at Flinks: ${JSON.stringify(session)}`),
    `e-mails: ${each.emails}; abandoned attempts: ${each.abandoned}; key ${String(each.stateAtEnd)}`,
    `stored: ${JSON.stringify(each.payment)}; events ${each.statuses.join(' ')}`,
  ].join('\n');
}

function replyOf({ answer }: Call): string {
  if (answer.kind !== 'member') return JSON.stringify(answer);
  const { name, replayed, payment } = answer;
  return `${name} ${replayed === undefined ? '' : `replayed ${String(replayed)} `}${JSON.stringify(payment ?? {})}`;
}

function nameOf({ answer }: Call): string {
  if (answer.kind === 'member') return answer.name;
  return answer.kind === 'lost' ? answer.reason : `${answer.status} ${answer.code}`;
}

const ofReplica = ({ replica }: Fault): string => (replica === undefined ? '' : ` of replica ${replica}`);

/** Points at which no replica was halted. */
function missed({ points = POINTS }: Settings, faults: readonly Fault[]): string {
  const halted = new Set(faults.map(({ what }) => what));
  return points.filter((point) => !halted.has(point)).join(', ') || 'none';
}

function tally(faults: readonly Fault[], kind: Fault['kind']): string {
  const ofKind = faults.filter((fault) => fault.kind === kind).map(({ what }) => what);
  return ofKind.length === 0 ? '0' : `${ofKind.length}: ${counts(ofKind)}`;
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
