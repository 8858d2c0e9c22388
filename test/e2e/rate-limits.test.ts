import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { EACH_OPERATION, CREATION, SEND, newInput, pay, payWithRetries, withNewKey } from '../support/payments.js';
import type { PaymentResult, Operation, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';

const REQUESTS = 1_000;
const CLIENTS = 60;
const HOUR_MS = 3_600_000;
/** The largest GraphQL Int: about 24 days in milliseconds. */
const MAX_INT = 2_147_483_647;

const postgres = withService(new TestPostgres());
const { sandbox, start, output } = withSandbox({ per: 'test' });

const limited = {
  __typename: 'PaymentRateLimitedError',
  code: 'RATE_LIMITED',
  retryAdvice: 'SAME_KEY',
  retryAfterMs: expect.any(Number),
};

function withNewKeyAndAmount(input: PaymentInput, value: string): PaymentInput {
  return { ...withNewKey(input), amount: { ...input.amount, value } };
}

/** Sends each input once, from independent clients; returns the results in the order of the inputs. */
async function sendAll(gateways: readonly TestGateway[], inputs: readonly PaymentInput[]): Promise<PaymentResult[]> {
  const results: PaymentResult[] = [];
  const remaining = [...inputs.entries()];
  const client = async (): Promise<void> => {
    for (let next = remaining.pop(); next !== undefined; next = remaining.pop())
      results[next[0]] = await pay(gateways[next[0] % gateways.length] as TestGateway, SEND, next[1]);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return results;
}

describe('the limit of e-mails to one payer', () => {
  it('holds when a thousand requests reach three replicas at once', async () => {
    const environment = { DATABASE_URL: postgres.databaseUrl(), RATE_LIMIT_EMAILS_PER_PAYER: '7/1h' };
    const replicas = await Promise.all([1, 2, 3].map(() => start(environment)));
    const input = newInput();
    const inputs = Array.from({ length: REQUESTS }, () => withNewKey(input));
    const results = await sendAll(replicas, inputs);
    const sent = results.flatMap((result, index) => (result.__typename === SEND.success ? [index] : []));
    const rejected = results.filter(({ __typename }) => __typename !== SEND.success);
    expect(sent).toHaveLength(7);
    expect(await sandbox.mailsTo(input.customer)).toBe(7);
    expect(rejected).toEqual(Array(REQUESTS - 7).fill(limited));
    for (const { retryAfterMs = 0 } of rejected) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(HOUR_MS);
    }
    const known = inputs[sent[0] ?? 0] as PaymentInput;
    for (const replica of replicas)
      expect(await pay(replica, SEND, known)).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await pay(replicas[0] as TestGateway, SEND, newInput())).toMatchObject({ __typename: SEND.success });
    expect(await pay(replicas[1] as TestGateway, CREATION, withNewKey(input))).toMatchObject({
      __typename: CREATION.success,
    });
    expect(await sandbox.mailsTo(input.customer)).toBe(7);
    const metrics = await Promise.all(replicas.map((replica) => replica.get('/metrics')));
    const counts = metrics.map(({ body }) =>
      Number(
        /flinks_pay_payment_creations_total\{delivery_method="EMAIL",result="rate-limited"\} (\d+)/.exec(body)?.[1],
      ),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(REQUESTS - 7);
    expect(output()).toContain('"outcome":"rate-limited"');
    expect(output()).not.toContain(input.customer.email);
  });
});

describe('a rate limit', () => {
  it.each(EACH_OPERATION)('lets a rejected %s succeed later with the same key', async (_, operation: Operation) => {
    const gateway = await start({ RATE_LIMIT_PAYMENTS_PER_CLIENT: '1/5s' });
    expect(await pay(gateway, operation, newInput())).toMatchObject({ __typename: operation.success });
    const input = newInput();
    expect(await pay(gateway, operation, input)).toEqual(limited);
    expect(await payWithRetries([gateway], operation, input)).toMatchObject({
      __typename: operation.success,
      replayed: false,
    });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('on amounts counts what e-mails ask one payer to pay, and no links', async () => {
    const gateway = await start({
      MAX_PAYMENT_AMOUNT: '100.00',
      RATE_LIMIT_AMOUNT_PER_PAYER: '100.00/1h',
    });
    const input = newInput();
    const types: string[] = [];
    for (const value of ['60.00', '40.01', '40.00', '0.01'])
      types.push((await pay(gateway, SEND, withNewKeyAndAmount(input, value))).__typename);
    expect(types).toEqual([SEND.success, 'PaymentRateLimitedError', SEND.success, 'PaymentRateLimitedError']);
    expect(await pay(gateway, CREATION, withNewKeyAndAmount(input, '100.00'))).toMatchObject({
      __typename: CREATION.success,
    });
    expect(await sandbox.mailsTo(input.customer)).toBe(2);
  });

  it.each([
    ['RATE_LIMIT_PAYMENTS_PER_CLIENT', '1/30d', CREATION],
    ['RATE_LIMIT_PAYMENTS_PER_CLIENT', '1/30d', SEND],
    ['RATE_LIMIT_EMAILS_PER_PAYER', '1/30d', SEND],
    ['RATE_LIMIT_AMOUNT_PER_PAYER', '10000.00/30d', SEND],
  ] as const)('set by %s=%s returns a retryAfterMs that fits a GraphQL Int', async (name, limit, operation) => {
    const gateway = await start({ [name]: limit });
    const input = withNewKeyAndAmount(newInput(), '10000.00');
    expect(await pay(gateway, operation, input)).toMatchObject({ __typename: operation.success });
    expect(await pay(gateway, operation, withNewKey(input))).toEqual({ ...limited, retryAfterMs: MAX_INT });
  });

  it('is 5 e-mails per hour and payer by default', async () => {
    const gateway = await start({
      RATE_LIMIT_EMAILS_PER_PAYER: '',
      RATE_LIMIT_PAYMENTS_PER_CLIENT: '',
      RATE_LIMIT_AMOUNT_PER_PAYER: '',
    });
    const input = withNewKeyAndAmount(newInput(), '1.00');
    const results = await sendAll(
      [gateway],
      Array.from({ length: 8 }, () => withNewKey(input)),
    );
    expect(results.filter(({ __typename }) => __typename === SEND.success)).toHaveLength(5);
    expect(await sandbox.mailsTo(input.customer)).toBe(5);
  });
});
