import { mutationCosts } from '../mutation-costs.mjs';

export const title = '`sendPaymentRequest`, every field of the payment, closed loop of 16';

export async function run(setup) {
  const { table } = await mutationCosts(setup, 'send');
  return { tables: [table], figures: {} };
}
