import type { DailyQuery, FaultKind } from './query.js';
import { Random } from './random.js';
import * as faults from './row-faults.js';
import type { SeededFault } from './row-faults.js';
import type { PaymentRow, Row } from './rows.js';
import { groupsOfTwins } from './twins.js';

/**
 * Adds faults to the rows of a day, each to a row or payment of its own, up to the number of suitable rows. `at`: an
 * instant within the day. Returns the rows of the file and the faults in them.
 */
export function seedFaults(paymentRows: readonly PaymentRow[], query: DailyQuery, at: string) {
  const random = new Random(query.seed);
  const wanted = (kind: FaultKind) => query.faults[kind] ?? 0;
  const groups = random.shuffled(groupsOfTwins(paymentRows));
  const pool = new Pool(random.shuffled(without(paymentRows, groups.flat())));
  // A row with another amount and without a request id would match no payment at all.
  const withAmount = pool.take(wanted('amountDiffers'), ({ row }) => row.requestId !== '');
  const withStatus = pool.take(wanted('statusDiffers'), faults.canContradict);
  const unreadable = pool.take(wanted('unreadableRow'));
  const leftOut = pool.take(wanted('missingThere'));
  const doubled = pool.take(wanted('duplicateRow')).map((each) => ({ each, copy: { ...each.row } }));
  const hasRequestId = query.requestIds;
  const strays = Array.from({ length: wanted('missingHere') }, (_, index) =>
    faults.strayRow(index, at, hasRequestId, random),
  );
  const seeded: SeededFault[] = [
    ...withAmount.map((each) => faults.increaseAmount(each, random)),
    ...withStatus.map((each) => faults.contradictStatus(each)),
    ...unreadable.map((each, index) => faults.makeUnreadable(each, index)),
    ...leftOut.map((each) => faults.faultOf('missingThere', each, [])),
    ...doubled.map(({ each, copy }) => faults.faultOf('duplicateRow', each, [each.row, copy])),
    ...strays.map(faults.strayFault),
    ...blurTwins(groups, wanted('ambiguous')),
  ];
  const kept = without(paymentRows, leftOut).map(({ row }) => row);
  const rows: Partial<Row>[] = [...kept, ...doubled.map(({ copy }) => copy), ...strays];
  return { rows, seeded };
}

/** Rows without a fault, in the order in which they get one. */
class Pool {
  constructor(private sound: readonly PaymentRow[]) {}

  take(count: number, matches: (candidate: PaymentRow) => boolean = () => true): PaymentRow[] {
    const taken = this.sound.filter(matches).slice(0, count);
    this.sound = without(this.sound, taken);
    return taken;
  }
}

function without(paymentRows: readonly PaymentRow[], others: readonly PaymentRow[]): PaymentRow[] {
  const excluded = new Set(others);
  return paymentRows.filter((each) => !excluded.has(each));
}

/** Removes the request ids of `count` groups. Rows without a request id are ambiguous even without a fault. */
function blurTwins(groups: readonly PaymentRow[][], count: number): SeededFault[] {
  const distinct = groups.filter((group) => group.every(({ row }) => row.requestId !== ''));
  for (const { row } of distinct.slice(0, count).flat()) row.requestId = '';
  const blurred = groups.flat().filter(({ row }) => row.requestId === '');
  return blurred.map((each) => faults.faultOf('ambiguous', each));
}
