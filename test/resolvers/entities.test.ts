import { beforeEach, describe, expect, it } from '@jest/globals';
import { graphql } from 'graphql';
import type { ExecutionResult } from 'graphql';
import type { Owner } from '../../src/domain/api-client.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { caller } from '../support/callers.js';
import { paymentWith } from '../support/many-payments.js';
import { schemaOver } from '../support/schema-over.js';
import { silentLog } from '../support/silent-log.js';

const QUERY = `query ($of: [_Any!]!) {
  _entities(representations: $of) { __typename ... on PaymentSession { id status events { status } } }
}`;

const unused = () => Promise.reject(new Error('an entity needs none of this'));

const { schema } = await schemaOver(unused);

/** Payments in place of the store, and what was asked of them. */
let stored: PaymentSession[];
let reads: { caller: Owner; ids: readonly string[] }[];
let isStoreDown: boolean;

beforeEach(() => {
  [stored, reads, isStoreDown] = [[], [], false];
});

function ask(of: readonly unknown[], source = QUERY): Promise<ExecutionResult> {
  const store = {
    findPayments: (owner: Owner, ids: readonly string[]) => {
      reads.push({ caller: owner, ids });
      if (isStoreDown) return Promise.reject(new StoreUnavailableError(new Error('cut off')));
      return Promise.resolve(stored.filter(({ id }) => ids.includes(id)));
    },
    findEvents: () => Promise.resolve(new Map()),
  };
  // Flinks is asked through the second, which fails the test.
  const loaders = createPaymentLoaders(store, { current: unused }, 'shop', silentLog);
  return graphql({
    schema,
    source,
    variableValues: { of },
    contextValue: { requestId: 'r', client: caller('shop'), loaders },
  });
}

const referenceTo = (id: unknown) => ({ __typename: 'PaymentSession', id });

describe('entities', () => {
  it('are read at once, however many there are', async () => {
    stored = Array.from({ length: 500 }, () => paymentWith({}));
    const { data, errors } = await ask(stored.map(({ id }) => referenceTo(id)));
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual(
      stored.map(({ id, status }) => ({ __typename: 'PaymentSession', id, status, events: [] })),
    );
    expect(reads).toEqual([{ caller: 'shop', ids: stored.map(({ id }) => id) }]);
  });

  it('are told as they are stored, without asking Flinks', async () => {
    const checked = new Date(0);
    const old = paymentWith({ status: 'PROCESSING', createdAt: checked, statusCheckedAt: checked });
    stored = [old];
    expect(await ask([referenceTo(old.id)])).toEqual({
      data: { _entities: [{ __typename: 'PaymentSession', id: old.id, status: 'PROCESSING', events: [] }] },
    });
  });

  it('are null where the caller has none of the id', async () => {
    const known = paymentWith({});
    stored = [known];
    const { data, errors } = await ask([
      referenceTo(paymentWith({}).id),
      referenceTo(known.id),
      referenceTo('nonsense'),
    ]);
    expect(errors).toBeUndefined();
    expect(data?._entities).toMatchObject([null, { id: known.id }, null]);
  });

  it.each([
    ['of another type', { __typename: 'Order', id: '1' }],
    ['of a type that is no entity', { __typename: 'Money', id: '1' }],
    ['without a type', { id: '1' }],
    ['without an id', { __typename: 'PaymentSession' }],
    ['whose id is no text', referenceTo({ $ne: null })],
    ['that is a text', 'PaymentSession'],
    ['that is a list', []],
  ])('fail alone for a representation %s', async (_case, bad) => {
    const known = paymentWith({});
    stored = [known];
    const { data, errors } = await ask([referenceTo(known.id), bad, referenceTo(known.id)]);
    expect(data?._entities).toMatchObject([{ id: known.id }, null, { id: known.id }]);
    expect(errors).toEqual([
      expect.objectContaining({ path: ['_entities', 1], extensions: { code: 'BAD_REQUEST' } }) as unknown,
    ]);
  });

  it('are read once when they are asked for under many aliases', async () => {
    const known = paymentWith({});
    stored = [known];
    const source =
      'query ($of: [_Any!]!) { a: _entities(representations: $of) { __typename } b: _entities(representations: $of) { __typename } }';
    const { data } = await ask([referenceTo(known.id)], source);
    expect(data).toMatchObject({ a: [{}], b: [{}] });
    expect(reads).toEqual([{ caller: 'shop', ids: [known.id] }]);
  });

  it('fail alone where they cannot be read', async () => {
    const [whole, bad] = [paymentWith({}), { ...paymentWith({}), clientUrls: [], unreadable: ['clientUrls'] as const }];
    stored = [whole, bad];
    const source =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id clientUrls } } }';
    const { data, errors } = await ask([referenceTo(bad.id), referenceTo(whole.id)], source);
    expect(data?._entities).toEqual([null, { id: whole.id, clientUrls: whole.clientUrls }]);
    expect(errors?.map(({ path }) => path)).toEqual([['_entities', 0, 'clientUrls']]);
  });

  it('fail one by one while the store is down, never as null alone', async () => {
    isStoreDown = true;
    const { data, errors } = await ask([referenceTo(paymentWith({}).id), referenceTo(paymentWith({}).id)]);
    expect(data?._entities).toEqual([null, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 0], 'SERVICE_UNAVAILABLE'],
      [['_entities', 1], 'SERVICE_UNAVAILABLE'],
    ]);
  });
});
