import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { CREATION, SEND, newInput, requestOf } from '../support/payments.js';
import type { PaymentResult, Payment, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const RUNS = 25;
const CLIENTS = ['a', 'b', 'c'] as const;
type Client = (typeof CLIENTS)[number];

const FIELDS = `id status referenceId flinksSessionId paymentUrl flinksPaymentRequestId customer { userId name email }
  events { status actor }`;

/** One operation of one client. */
interface Step {
  readonly client: Client;
  readonly operation: 'create' | 'send' | 'read' | 'entity' | 'list' | 'cancel' | 'subscribe';
  /** One of a few keys, so that clients use the same ones. */
  readonly key: number;
  /** Selects one of the payments of all clients, once there are any. */
  readonly payment: number;
  readonly filterFields: readonly ('userId' | 'referenceId')[];
}

const step: fc.Arbitrary<Step> = fc.record({
  client: fc.constantFrom(...CLIENTS),
  operation: fc.constantFrom('create', 'send', 'read', 'entity', 'list', 'cancel', 'subscribe'),
  key: fc.nat(2),
  payment: fc.nat(1_000),
  filterFields: fc.subarray(['userId', 'referenceId']),
});

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const { addGateway } = withSandbox({ services: [identity, postgres] });
const gateways: Record<string, TestGateway> = {
  SQLite: addGateway(() => identity.environment()),
  PostgreSQL: addGateway(() => ({ ...identity.environment(), DATABASE_URL: postgres.databaseUrl() })),
};
const tokens = new Map<Client, string>();

beforeAll(async () => {
  const scope = 'payments:create payments:send payments:read payments:cancel reconciliation:read';
  for (const sub of CLIENTS) tokens.set(sub, await identity.bearer({ sub, scope }, { expiresIn: 3_600 }));
});

/** The operations of all clients, and the texts that only one client may receive. */
class History {
  readonly payments: (Payment & { readonly owner: Client })[] = [];
  readonly #secrets = new Map<string, Client>();
  readonly #inputs = new Map<string, PaymentInput>();
  readonly #keys = Array.from({ length: 3 }, () => randomUUID());

  constructor(private readonly url: string) {}

  async run(each: Step): Promise<void> {
    const text = await this.#post(each.client, this.#bodyOf(each), each.operation === 'subscribe');
    this.#record(each, text);
    const leaked = [...this.#secrets].filter(([secret, owner]) => owner !== each.client && text.includes(secret));
    expect(leaked).toEqual([]);
    // A payment of another client is treated as if it did not exist.
    if (each.operation === 'read' && this.#paymentOf(each)?.owner !== each.client)
      expect(text).toBe('{"data":{"paymentSession":null}}\n');
  }

  #bodyOf(each: Step): object {
    const payment = this.#paymentOf(each);
    const id = payment?.id ?? 'ps_none';
    switch (each.operation) {
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
        const filter = Object.fromEntries(each.filterFields.map((name) => [name, all[name]]));
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

  #paymentOf({ payment }: Step): (Payment & { readonly owner: Client }) | undefined {
    return this.payments[payment % Math.max(1, this.payments.length)];
  }

  /** The same input for the same key of a client. */
  #inputOf({ client, operation, key }: Step): PaymentInput {
    const name = `${client} ${operation} ${key}`;
    const input = this.#inputs.get(name) ?? uniqueInput(this.#keys[key] ?? '');
    this.#inputs.set(name, input);
    for (const secret of [input.referenceId, ...Object.values(input.customer)])
      this.#secrets.set(String(secret), client);
    return input;
  }

  #record({ client, operation }: Step, text: string): void {
    if (operation !== 'create' && operation !== 'send') return;
    const { paymentSession, paymentSessionId } = (JSON.parse(text) as { data: { result: PaymentResult } }).data.result;
    const known = this.payments.find(({ id }) => id === (paymentSession?.id ?? paymentSessionId));
    // A key belongs to a payment of the same client, even if the other mutation used it.
    expect(known?.owner ?? client).toBe(client);
    if (paymentSession === undefined) {
      expect(known).toBeDefined();
      return;
    }
    const payment = { ...paymentSession, owner: client };
    if (known === undefined) this.payments.push(payment);
    this.#secrets.set(payment.id, client);
    if (payment.flinksSessionId !== null) this.#secrets.set(payment.flinksSessionId, client);
  }

  /** The body of the response, or of a stream the part up to its first event. */
  async #post(client: Client, body: object, isStream: boolean): Promise<string> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: isStream ? 'text/event-stream' : 'application/json',
        'content-type': 'application/json',
        authorization: tokens.get(client) ?? '',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (!isStream) return response.text();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('data: {')) return text;
    }
    return text;
  }
}

/** Input that shares no text with any other. */
function uniqueInput(idempotencyKey: string): PaymentInput {
  const letters = [...randomBytes(12)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
  const input = newInput();
  return {
    ...input,
    idempotencyKey,
    referenceId: `LOAN-${letters}`,
    customer: { userId: `user-${letters}`, name: `Zoé ${letters}`, email: `${letters}@example.com` },
  };
}

describe.each(['SQLite', 'PostgreSQL'])('on %s, whatever clients call,', (store) => {
  it('no client gets any information about a payment of another', async () => {
    const operations = new Set<string>();
    let stepsWithOthers = 0;
    const steps = fc.array(step, { minLength: 10, maxLength: 30, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const history = new History(gateways[store]?.url ?? '');
        for (const each of all) {
          await history.run(each);
          operations.add(each.operation);
          stepsWithOthers += Number(history.payments.some(({ owner }) => owner !== each.client));
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    // Otherwise the property would hold trivially.
    expect(operations.size).toBe(7);
    expect(stepsWithOthers).toBeGreaterThan(RUNS);
  });
});
