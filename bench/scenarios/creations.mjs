import { POSTGRES, SQLITE } from '../contestants.mjs';
import { mutationCosts } from '../mutation-costs.mjs';

export const title = '`createPaymentSession`, every field of the payment, closed loop of 16';

export async function run(setup) {
  const { table, compared } = await mutationCosts(setup, 'create');
  return {
    tables: [table],
    figures: { 1: [compared(SQLITE).median], 2: [compared(POSTGRES).median] },
  };
}
