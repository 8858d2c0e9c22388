import { randomUUID } from 'node:crypto';
import { CREATION, SEND, newInput } from '../../support/payments.js';
import type { Operation } from '../../support/payments.js';
import { sendAll } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { indexes } from '../requests.js';

/** The rate limits of the gateway that takes tokens. `largestSendsPerPayer` counts sends of the largest amount to one payer. */
export const RATES = { payments: 20, emailsPerPayer: 3, largestSendsPerPayer: 2 } as const;

type Input = ReturnType<typeof newInput>;

/** Calls of one new client. */
async function callsOf(
  attacker: Attacker,
  { query }: Operation,
  inputs: readonly Input[],
): Promise<(() => Promise<string>)[]> {
  const authorization = await attacker.fixtures.identityProvider.bearer({ sub: randomUUID() });
  return inputs.map((input) => () => attacker.send({ query, variables: { input } }, { headers: { authorization } }));
}

function limited(name: string, details: string, payments: number, operation: Operation, inputs: () => Input[]): Attack {
  return {
    name,
    details,
    stage: 'rate limits',
    stoppedBy: 'src/store/sql/attempts/claim-checks.ts (RATE_LIMIT_*, counted in the database)',
    response: `200 ${operation.success} | 200 PaymentRateLimitedError`,
    payments,
    run: async (attacker) => sendAll(await callsOf(attacker, operation, inputs())),
  };
}

/** Inputs with the same payer. */
function toOnePayer(count: number, change: (input: Input, index: number) => Input = (input) => input): Input[] {
  const { customer } = newInput();
  return indexes(count).map((index) => change({ ...newInput(), customer }, index));
}

/** More payments than the rate limits allow. */
export const rateLimitAttacks: readonly Attack[] = [
  limited(
    'e-mails one payer again and again',
    'Ten payments to one e-mail address, each with its own idempotency key.',
    RATES.emailsPerPayer,
    SEND,
    () => toOnePayer(10),
  ),
  limited(
    'e-mails one payer under other spellings of the address',
    'Ten payments to one e-mail address, each with different letters in upper case.',
    RATES.emailsPerPayer,
    SEND,
    () =>
      toOnePayer(10, ({ customer, ...input }, index) => {
        const { email } = customer;
        return { ...input, customer: { ...customer, email: email.slice(0, index).toUpperCase() + email.slice(index) } };
      }),
  ),
  limited(
    'e-mails one payer under other names',
    'Ten payments to one e-mail address, each with another user id, name and reference.',
    RATES.emailsPerPayer,
    SEND,
    () =>
      toOnePayer(10, ({ customer, ...input }, index) => ({
        ...input,
        referenceId: `r${index}`,
        customer: { ...customer, userId: `u${index}`, name: `Alex T${index}` },
      })),
  ),
  limited(
    'asks one payer for large amounts',
    'Five payments of the largest amount to one e-mail address.',
    RATES.largestSendsPerPayer,
    SEND,
    () => toOnePayer(5, (input) => ({ ...input, amount: { value: '10000.00' } })),
  ),
  limited(
    'creates payments without end',
    `${RATES.payments + 5} payments, each for another payer.`,
    RATES.payments,
    CREATION,
    () => indexes(RATES.payments + 5).map(() => newInput()),
  ),
  {
    ...limited(
      'e-mails one payer many times in parallel',
      '20 payments to one e-mail address at the same time.',
      RATES.emailsPerPayer,
      SEND,
      () => [],
    ),
    run: async (attacker) => {
      const calls = await callsOf(attacker, SEND, toOnePayer(20));
      const responses = await Promise.all(calls.map((call) => call()));
      return [...new Set(responses)].sort((one, other) => other.localeCompare(one)).join(' | ');
    },
  },
];
