import { POSTGRES, SQLITE } from '../contestants.mjs';
import { mutationCosts } from '../mutation-costs.mjs';

export const title = '`createPaymentSession`, every field of the payment, closed loop of 16';

const WHAT_PEERS_LACK = `The five others only call Flinks. None of them

- creates at most one payment for an idempotency key, or returns the stored payment to a repeated call;
- stores a payment before Flinks is called and its outcome before the response, so that a crash loses nothing;
- reports a lost response of Flinks as unknown, and resolves it later by webhook, lookup or daily file;
- follows the status of a payment, lists payments, or resolves them as entities of a larger graph;
- checks fields before Flinks sees them, and reports all problems at once;
- identifies clients, separates their payments, and limits how many they create and how much they request;
- encrypts personal data, keeps secrets out of its logs, and bounds the cost of an operation.`;

export async function run(setup) {
  const { table, compared } = await mutationCosts(setup, 'create');
  return {
    tables: [table],
    notes: [WHAT_PEERS_LACK],
    figures: { 1: [compared(SQLITE).median], 2: [compared(POSTGRES).median] },
  };
}
