import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { CREATION, SEND, newInput, requestOf } from '../support/payments.js';
import type { Answer, Payment, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const RUNS = 25;
const CALLERS = ['a', 'b', 'c'] as const;
type Caller = (typeof CALLERS)[number];

const FIELDS = `id status referenceId flinksSessionId paymentUrl flinksPaymentRequestId customer { userId name email }
  events { status actor }`;

interface Step {
  readonly caller: Caller;
  readonly what: 'create' | 'send' | 'read' | 'entity' | 'list' | 'cancel' | 'subscribe';
  /** Few, so that callers have the same. */
  readonly key: number;
  /** Which of the payments of all is meant, once there are any. */
  readonly of: number;
  readonly by: readonly ('userId' | 'referenceId')[];
}

const step: fc.Arbitrary<Step> = fc.record({
  caller: fc.constantFrom(...CALLERS),
  what: fc.constantFrom('create', 'send', 'read', 'entity', 'list', 'cancel', 'subscribe'),
  key: fc.nat(2),
  of: fc.nat(1_000),
  by: fc.subarray(['userId', 'referenceId']),
});

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const { addGateway } = withSandbox({ services: [identity, postgres] });
const gateways: Record<string, TestGateway> = {
  SQLite: addGateway(() => identity.environment()),
  PostgreSQL: addGateway(() => ({ ...identity.environment(), DATABASE_URL: postgres.databaseUrl() })),
};
const tokens = new Map<Caller, string>();

beforeAll(async () => {
  const scope = 'payments:create payments:send payments:read payments:cancel reconciliation:read';
  for (const sub of CALLERS) tokens.set(sub, await identity.bearer({ sub, scope }, { expiresIn: 3_600 }));
});

/** What callers did, and what each of them alone may ever be told. */
class History {
  readonly payments: (Payment & { readonly owner: Caller })[] = [];
  readonly #secrets = new Map<string, Caller>();
  readonly #inputs = new Map<string, PaymentInput>();
  readonly #keys = Array.from({ length: 3 }, () => randomUUID());

  constructor(private readonly url: string) {}

  async run(each: Step): Promise<void> {
    const text = await this.#post(each.caller, this.#bodyOf(each), each.what === 'subscribe');
    this.#learn(each, text);
    const told = [...this.#secrets].filter(([secret, owner]) => owner !== each.caller && text.includes(secret));
    expect(told).toEqual([]);
    // What is another's is as good as not there.
    if (each.what === 'read' && this.#meant(each)?.owner !== each.caller)
      expect(text).toBe('{"data":{"paymentSession":null}}\n');
  }

  #bodyOf(each: Step): object {
    const payment = this.#meant(each);
    const id = payment?.id ?? 'ps_none';
    switch (each.what) {
      case 'create':
        return requestOf(CREATION, this.#inputOf(each));
      case 'send':
        return requestOf(SEND, this.#inputOf(each));
      case 'read':
        return { query: `query ($id: ID!) { paymentSession(id: $id) { ${FIELDS} } }`, variables: { id } };
      case 'entity': {
        const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { ${FIELDS} } } }`;
        return {
          query,
          variables: { of: this.payments.map(({ id: one }) => ({ __typename: 'PaymentSession', id: one })) },
        };
      }
      case 'list': {
        const all = { userId: payment?.customer.userId ?? 'none', referenceId: payment?.referenceId ?? 'none' };
        const filter = Object.fromEntries(each.by.map((name) => [name, all[name]]));
        const query = `query ($filter: PaymentSessionFilter) { paymentSessions(first: 100, filter: $filter) {
          edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
        return { query, variables: { filter } };
      }
      case 'cancel': {
        const query = `mutation ($id: ID!) { cancelPaymentSession(input: { id: $id }) { __typename
          ... on PaymentError { code message } ... on CancelPaymentSessionSuccess { paymentSession { ${FIELDS} } }
          ... on PaymentNotCancellableError { paymentSession { ${FIELDS} } } } }`;
        return { query, variables: { id } };
      }
      case 'subscribe':
        return { query: `subscription ($id: ID!) { paymentSessionUpdated(id: $id) { ${FIELDS} } }`, variables: { id } };
    }
  }

  #meant({ of }: Step): (Payment & { readonly owner: Caller }) | undefined {
    return this.payments[of % Math.max(1, this.payments.length)];
  }

  /** The same for the same key of a caller. */
  #inputOf({ caller, what, key }: Step): PaymentInput {
    const name = `${caller} ${what} ${key}`;
    const input = this.#inputs.get(name) ?? newIntention(this.#keys[key] ?? '');
    this.#inputs.set(name, input);
    for (const secret of [input.referenceId, ...Object.values(input.customer)])
      this.#secrets.set(String(secret), caller);
    return input;
  }

  #learn({ caller, what }: Step, text: string): void {
    if (what !== 'create' && what !== 'send') return;
    const { paymentSession, paymentSessionId } = (JSON.parse(text) as { data: { answer: Answer } }).data.answer;
    const known = this.payments.find(({ id }) => id === (paymentSession?.id ?? paymentSessionId));
    // A key leads to a payment of one's own, also where the other mutation has it.
    expect(known?.owner ?? caller).toBe(caller);
    if (paymentSession === undefined) {
      expect(known).toBeDefined();
      return;
    }
    const payment = { ...paymentSession, owner: caller };
    if (known === undefined) this.payments.push(payment);
    this.#secrets.set(payment.id, caller);
    if (payment.flinksSessionId !== null) this.#secrets.set(payment.flinksSessionId, caller);
  }

  /** The answer as text; of a stream its first event. */
  async #post(caller: Caller, body: object, isStream: boolean): Promise<string> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: isStream ? 'text/event-stream' : 'application/json',
        'content-type': 'application/json',
        authorization: tokens.get(caller) ?? '',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (!isStream) return answer.text();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('data: {')) return text;
    }
    return text;
  }
}

/** Nothing of it is in any other. */
function newIntention(idempotencyKey: string): PaymentInput {
  const letters = [...randomBytes(12)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
  const input = newInput();
  return {
    ...input,
    idempotencyKey,
    referenceId: `LOAN-${letters}`,
    customer: { userId: `user-${letters}`, name: `Zoé ${letters}`, email: `${letters}@example.com` },
  };
}

describe.each(['SQLite', 'PostgreSQL'])('on %s, whatever callers do', (store) => {
  it('no client gets any information about a payment of another', async () => {
    const kinds = new Set<string>();
    let foreign = 0;
    const steps = fc.array(step, { minLength: 10, maxLength: 30, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const history = new History(gateways[store]?.url ?? '');
        for (const each of all) {
          await history.run(each);
          kinds.add(each.what);
          foreign += Number(history.payments.some(({ owner }) => owner !== each.caller));
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    // Or it would have shown nothing.
    expect(kinds.size).toBe(7);
    expect(foreign).toBeGreaterThan(RUNS);
  });
});
