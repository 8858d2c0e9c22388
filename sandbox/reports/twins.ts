import type { PaymentRow } from './rows.js';

/**
 * Groups of rows that differ in their request id only: two or more with the same reference, amount, name and e-mail.
 */
export function groupsOfTwins(rows: readonly PaymentRow[]): PaymentRow[][] {
  const groups = new Map<string, PaymentRow[]>();
  for (const paymentRow of rows) {
    const { referenceId, amount, customerName, customerEmail } = paymentRow.row;
    const key = JSON.stringify([referenceId, amount, customerName, customerEmail]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [paymentRow]);
    else group.push(paymentRow);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
