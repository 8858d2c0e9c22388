import { randomUUID } from 'node:crypto';
import { CREATION, SEND, newInput } from '../support/payments.js';
import type { Operation } from '../support/payments.js';
import { alike } from './attack.js';
import type { Attack } from './attack.js';
import type { World } from './world.js';

/** As the gateway that takes tokens has them. */
export const RATES = { payments: 20, emailsPerPayer: 3, sendsOfMostToPayer: 2 } as const;

const LIMIT = 'src/payments: rates, counted in the store';

type Input = ReturnType<typeof newInput>;

/** Calls of one new caller, in turn. */
async function callsOf(
  world: World,
  { query }: Operation,
  inputs: readonly Input[],
): Promise<(() => Promise<string>)[]> {
  const authorization = await world.around.identity.bearer({ sub: randomUUID() });
  return inputs.map((input) => () => world.ask({ query, variables: { input } }, { headers: { authorization } }));
}

const repeated = (count: number, make: (index: number) => Input): Input[] => [...Array(count).keys()].map(make);

function limited(name: string, tries: string, payments: number, operation: Operation, inputs: () => Input[]): Attack {
  return {
    name,
    tries,
    stage: 'rate limits',
    stoppedBy: LIMIT,
    answer: `200 ${operation.success} | 200 PaymentRateLimitedError`,
    payments,
    attack: async (world) => alike(await callsOf(world, operation, inputs())),
  };
}

/** Inputs for one payer. */
function toOnePayer(count: number, change: (input: Input, index: number) => Input = (input) => input): Input[] {
  const { customer } = newInput();
  return repeated(count, (index) => change({ ...newInput(), customer }, index));
}

export const rateAttacks: readonly Attack[] = [
  limited(
    'e-mails one payer again and again',
    'ten sends to one address, each under a key of its own',
    RATES.emailsPerPayer,
    SEND,
    () => toOnePayer(10),
  ),
  limited(
    'spells the address of a payer in other ways',
    'ten sends to one address in other cases',
    RATES.emailsPerPayer,
    SEND,
    () =>
      toOnePayer(10, ({ customer, ...input }, index) => {
        const { email } = customer;
        return { ...input, customer: { ...customer, email: email.slice(0, index).toUpperCase() + email.slice(index) } };
      }),
  ),
  limited(
    'names a payer in other ways',
    'ten sends to one address, each for another user, name and reference',
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
    'asks one payer for all they have',
    'the largest amount, again and again',
    RATES.sendsOfMostToPayer,
    SEND,
    () => toOnePayer(5, (input) => ({ ...input, amount: { value: '10000.00' } })),
  ),
  limited('makes payments without end', 'creations for payer after payer', RATES.payments, CREATION, () =>
    repeated(RATES.payments + 5, newInput),
  ),
  {
    ...limited(
      'e-mails one payer all at once',
      'twenty sends to one address in parallel',
      RATES.emailsPerPayer,
      SEND,
      () => toOnePayer(20),
    ),
    attack: async (world) => {
      const calls = await callsOf(world, SEND, toOnePayer(20));
      const answers = await Promise.all(calls.map((call) => call()));
      return [...new Set(answers)].sort((one, other) => other.localeCompare(one)).join(' | ');
    },
  },
];
