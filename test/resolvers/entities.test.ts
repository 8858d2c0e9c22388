import { beforeEach, describe, expect, it } from '@jest/globals';
import { graphql } from 'graphql';
import type { ExecutionResult } from 'graphql';
import type { Owner } from '../../src/domain/api-client.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { apiClient } from '../support/api-clients.js';
import { paymentWith } from '../support/many-payments.js';
import { createStubbedSchema } from '../support/stubbed-schema.js';
import { silentLog } from '../support/silent-log.js';

const QUERY = `query ($of: [_Any!]!) {
  _entities(representations: $of) { __typename ... on PaymentSession { id status events { status } } }
}`;

const unused = () => Promise.reject(new Error('an entity needs none of this'));

const { schema } = await createStubbedSchema(unused);

/** The stored payments, and the reads of the store. */
let stored: PaymentSession[];
let reads: { owner: Owner; ids: readonly string[] }[];
let isStoreDown: boolean;

beforeEach(() => {
  [stored, reads, isStoreDown] = [[], [], false];
});

function resolveEntities(of: readonly unknown[], source = QUERY): Promise<ExecutionResult> {
  const store = {
    findPayments: (owner: Owner, ids: readonly string[]) => {
      reads.push({ owner, ids });
      if (isStoreDown) return Promise.reject(new StoreUnavailableError(new Error('cut off')));
      return Promise.resolve(stored.filter(({ id }) => ids.includes(id)));
    },
    findEvents: () => Promise.resolve(new Map()),
  };
  // Lookups at Flinks go through the second argument, which fails the test.
  const loaders = createPaymentLoaders(store, { current: unused }, 'shop', silentLog);
  return graphql({
    schema,
    source,
    variableValues: { of },
    contextValue: { requestId: 'r', client: apiClient('shop'), loaders },
  });
}

const referenceTo = (id: unknown) => ({ __typename: 'PaymentSession', id });

describe('_entities', () => {
  it('reads all payments at once, however many are requested', async () => {
    stored = Array.from({ length: 500 }, () => paymentWith({}));
    const { data, errors } = await resolveEntities(stored.map(({ id }) => referenceTo(id)));
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual(
      stored.map(({ id, status }) => ({ __typename: 'PaymentSession', id, status, events: [] })),
    );
    expect(reads).toEqual([{ owner: 'shop', ids: stored.map(({ id }) => id) }]);
  });

  it('returns payments as stored, without a lookup at Flinks', async () => {
    const checked = new Date(0);
    const old = paymentWith({ status: 'PROCESSING', createdAt: checked, statusCheckedAt: checked });
    stored = [old];
    expect(await resolveEntities([referenceTo(old.id)])).toEqual({
      data: { _entities: [{ __typename: 'PaymentSession', id: old.id, status: 'PROCESSING', events: [] }] },
    });
  });

  it('is null for an id that is not of a payment of the client', async () => {
    const known = paymentWith({});
    stored = [known];
    const { data, errors } = await resolveEntities([
      referenceTo(paymentWith({}).id),
      referenceTo(known.id),
      referenceTo('nonsense'),
    ]);
    expect(errors).toBeUndefined();
    expect(data?._entities).toMatchObject([null, { id: known.id }, null]);
  });

  it.each([
    ['of another type', { __typename: 'Order', id: '1' }],
    ['of a type that is not an entity', { __typename: 'PaymentAmount', id: '1' }],
    ['without a type', { id: '1' }],
    ['without an id', { __typename: 'PaymentSession' }],
    ['whose id is not a string', referenceTo({ $ne: null })],
    ['that is a string', 'PaymentSession'],
    ['that is a list', []],
  ])('fails only for the one representation %s', async (_description, invalid) => {
    const known = paymentWith({});
    stored = [known];
    const { data, errors } = await resolveEntities([referenceTo(known.id), invalid, referenceTo(known.id)]);
    expect(data?._entities).toMatchObject([{ id: known.id }, null, { id: known.id }]);
    expect(errors).toEqual([
      expect.objectContaining({ path: ['_entities', 1], extensions: { code: 'BAD_REQUEST' } }) as unknown,
    ]);
  });

  it('reads a payment once when several aliases request it', async () => {
    const known = paymentWith({});
    stored = [known];
    const source =
      'query ($of: [_Any!]!) { a: _entities(representations: $of) { __typename } b: _entities(representations: $of) { __typename } }';
    const { data } = await resolveEntities([referenceTo(known.id)], source);
    expect(data).toMatchObject({ a: [{}], b: [{}] });
    expect(reads).toEqual([{ owner: 'shop', ids: [known.id] }]);
  });

  it('fails only for the payment that cannot be read', async () => {
    const [whole, invalid] = [
      paymentWith({}),
      { ...paymentWith({}), clientUrls: [], unreadable: ['clientUrls'] as const },
    ];
    stored = [whole, invalid];
    const source =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id clientUrls } } }';
    const { data, errors } = await resolveEntities([referenceTo(invalid.id), referenceTo(whole.id)], source);
    expect(data?._entities).toEqual([null, { id: whole.id, clientUrls: whole.clientUrls }]);
    expect(errors?.map(({ path }) => path)).toEqual([['_entities', 0, 'clientUrls']]);
  });

  it('reports an error for each payment, and never just null, while the store is down', async () => {
    isStoreDown = true;
    const { data, errors } = await resolveEntities([referenceTo(paymentWith({}).id), referenceTo(paymentWith({}).id)]);
    expect(data?._entities).toEqual([null, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 0], 'SERVICE_UNAVAILABLE'],
      [['_entities', 1], 'SERVICE_UNAVAILABLE'],
    ]);
  });
});
