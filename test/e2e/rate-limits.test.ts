import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withSandbox, withService } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { BOTH, CREATION, SEND, newInput, pay, payPersistently, paymentIn } from '../support/payments.js';
import type { Answer, Operation, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const SENDS = 1_000;
const CLIENTS = 60;
const HOUR_MS = 3_600_000;
/** Of GraphQL: 24 days in milliseconds. */
const MAX_INT = 2_147_483_647;

const postgres = withService(new TestPostgres());
const { sandbox, start, output } = withSandbox({ per: 'test' });

const limited = {
  __typename: 'PaymentRateLimitedError',
  code: 'RATE_LIMITED',
  retryAdvice: 'SAME_KEY',
  retryAfterMs: expect.any(Number),
};

/** The same payment under another key. */
const again = (input: PaymentInput): PaymentInput => ({ ...input, idempotencyKey: randomUUID() });

function ofAmount(input: PaymentInput, value: string): PaymentInput {
  return { ...again(input), amount: { ...input.amount, value } };
}

/** Each input is sent once, by clients that know nothing of each other. */
async function sendAll(gateways: readonly TestGateway[], inputs: readonly PaymentInput[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = [...inputs.entries()];
  const client = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      answers[next[0]] = await pay(gateways[next[0] % gateways.length] as TestGateway, SEND, next[1]);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return answers;
}

describe('a thousand e-mails to one payer, over three replicas', () => {
  it('are as many as the limit allows', async () => {
    const environment = { DATABASE_URL: postgres.databaseUrl(), RATE_LIMIT_EMAILS_PER_PAYER: '7/1h' };
    const replicas = await Promise.all([1, 2, 3].map(() => start(environment)));
    const input = newInput();
    const inputs = Array.from({ length: SENDS }, () => again(input));
    const answers = await sendAll(replicas, inputs);
    const sent = answers.flatMap((answer, index) => (answer.__typename === SEND.success ? [index] : []));
    const refused = answers.filter(({ __typename }) => __typename !== SEND.success);
    expect(sent).toHaveLength(7);
    expect(await sandbox.mailsTo(input.customer)).toBe(7);
    expect(refused).toEqual(Array(SENDS - 7).fill(limited));
    for (const { retryAfterMs = 0 } of refused) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(HOUR_MS);
    }
    const known = inputs[sent[0] ?? 0] as PaymentInput;
    for (const replica of replicas)
      expect(await pay(replica, SEND, known)).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await pay(replicas[0] as TestGateway, SEND, newInput())).toMatchObject({ __typename: SEND.success });
    expect(await pay(replicas[1] as TestGateway, CREATION, again(input))).toMatchObject({
      __typename: CREATION.success,
    });
    expect(await sandbox.mailsTo(input.customer)).toBe(7);
    const metrics = await Promise.all(replicas.map((replica) => replica.get('/metrics')));
    const counts = metrics.map(({ body }) =>
      Number(
        /flinks_pay_payment_requests_total\{delivery_method="EMAIL",result="rate-limited"\} (\d+)/.exec(body)?.[1],
      ),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(SENDS - 7);
    expect(output()).toContain('"outcome":"rate-limited"');
    expect(output()).not.toContain(input.customer.email);
  });
});

describe('a limit', () => {
  it.each(BOTH)('lets the same key of %s pass later', async (_, operation: Operation) => {
    const gateway = await start({ RATE_LIMIT_PAYMENTS_PER_CLIENT: '1/5s' });
    expect(await pay(gateway, operation, newInput())).toMatchObject({ __typename: operation.success });
    const input = newInput();
    expect(await pay(gateway, operation, input)).toEqual(limited);
    expect(await payPersistently([gateway], operation, input)).toMatchObject({
      __typename: operation.success,
      replayed: false,
    });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('of amounts counts what one payer is asked for by e-mail', async () => {
    const gateway = await start({
      MAX_PAYMENT_AMOUNT: '100.00',
      RATE_LIMIT_AMOUNT_PER_PAYER: '100.00/1h',
    });
    const input = newInput();
    const told: string[] = [];
    for (const value of ['60.00', '40.01', '40.00', '0.01'])
      told.push((await pay(gateway, SEND, ofAmount(input, value))).__typename);
    expect(told).toEqual([SEND.success, 'PaymentRateLimitedError', SEND.success, 'PaymentRateLimitedError']);
    expect(await pay(gateway, CREATION, ofAmount(input, '100.00'))).toMatchObject({ __typename: CREATION.success });
    expect(await sandbox.mailsTo(input.customer)).toBe(2);
  });

  it.each([
    ['RATE_LIMIT_PAYMENTS_PER_CLIENT', '1/30d', CREATION],
    ['RATE_LIMIT_PAYMENTS_PER_CLIENT', '1/30d', SEND],
    ['RATE_LIMIT_EMAILS_PER_PAYER', '1/30d', SEND],
    ['RATE_LIMIT_AMOUNT_PER_PAYER', '10000.00/30d', SEND],
  ] as const)('of %s=%s tells a wait that fits an Int', async (name, limit, operation) => {
    const gateway = await start({ [name]: limit });
    const input = ofAmount(newInput(), '10000.00');
    expect(await pay(gateway, operation, input)).toMatchObject({ __typename: operation.success });
    expect(await pay(gateway, operation, again(input))).toEqual({ ...limited, retryAfterMs: MAX_INT });
  });

  it('is 5 e-mails an hour to one payer when nothing else is said', async () => {
    const gateway = await start({
      RATE_LIMIT_EMAILS_PER_PAYER: '',
      RATE_LIMIT_PAYMENTS_PER_CLIENT: '',
      RATE_LIMIT_AMOUNT_PER_PAYER: '',
    });
    const input = ofAmount(newInput(), '1.00');
    const answers = await sendAll(
      [gateway],
      Array.from({ length: 8 }, () => again(input)),
    );
    expect(answers.filter(({ __typename }) => __typename === SEND.success)).toHaveLength(5);
    expect(await sandbox.mailsTo(input.customer)).toBe(5);
  });
});

describe('the guard against duplicates', () => {
  const GUARD = { DUPLICATE_DETECTION_WINDOW: '1h' };

  it.each(BOTH)('names the earlier payment to %s, and is overridden by a person', async (_, operation: Operation) => {
    const gateway = await start(GUARD);
    const input = newInput();
    const first = await pay(gateway, SEND, input);
    const repeat = again(input);
    expect(await pay(gateway, operation, repeat)).toEqual({
      __typename: 'DuplicatePaymentError',
      code: 'DUPLICATE_PAYMENT',
      retryAdvice: 'REVIEW_THEN_NEW_KEY',
      paymentSession: paymentIn(first),
    });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    const wanted = await pay(gateway, operation, { ...repeat, allowDuplicate: true });
    expect(wanted).toMatchObject({ __typename: operation.success, replayed: false });
    // It is the key's from now on, whether a repeat says so or not.
    expect(await pay(gateway, operation, repeat)).toEqual({ ...wanted, replayed: true });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(2);
    expect((await gateway.get('/metrics')).body).toContain('result="duplicate"} 1');
  });

  it('lets another payment pass when the earlier one came to nothing', async () => {
    const gateway = await start(GUARD);
    const input = newInput();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'status', status: 400 });
    expect(await pay(gateway, SEND, input)).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(await pay(gateway, SEND, again(input))).toMatchObject({ __typename: SEND.success });
  });

  it('does not judge payments without a reference, and none unless it is on', async () => {
    const guarding = await start(GUARD);
    const unnamed: PaymentInput = { ...newInput(), referenceId: null };
    for (const input of [unnamed, again(unnamed)])
      expect(await pay(guarding, CREATION, input)).toMatchObject({ __typename: CREATION.success });
    const gateway = await start();
    const input = newInput();
    for (const each of [input, again(input)])
      expect(await pay(gateway, CREATION, each)).toMatchObject({ __typename: CREATION.success });
  });
});
