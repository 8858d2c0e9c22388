import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLArgument, GraphQLInputField, GraphQLInputType } from 'graphql';
import { withGateway } from '../support/fixture.js';
import type { GraphQLResponse } from '../support/gateway.js';
import { ManifestFiles, manifestOf, manifestOperation } from '../support/manifest.js';
import { CREATION, OPERATIONS, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { PaymentInput } from '../support/payments.js';
import { TestRouter } from '../support/router.js';
import { SUBSCRIBERS, throughRouter } from '../support/subscribers.js';
import type { TestSubscriber } from '../support/subscribers.js';
import { JsonText, bodyOf, issuesOf, withValue } from './payment-calls.js';

const files = new ManifestFiles();
const router = new TestRouter();

const CREATE = `mutation create($input: CreatePaymentSessionInput!) { result: createPaymentSession(input: $input) {
  __typename ... on InvalidPaymentInputError { code retryAdvice issues { path code message } }
  ... on CreatePaymentSessionSuccess { paymentSession { id } } } }`;

const { sandbox, gateway } = withGateway({
  services: [files, router],
  environment: () => ({
    PERSISTED_OPERATIONS_MANIFEST: files.write(manifestOf([manifestOperation(CREATE)])),
    SUBSCRIPTION_CALLBACK_HOSTS: router.host,
  }),
});

/** Numbers that JSON.parse changes, and one that it keeps although it rounds others to it. */
const INEXACT = ['9007199254740993', '9007199254740992', '-9007199254740993', '1234567890123456789', '1e21', '-0'];

/** Every place in the schema that takes an id, by its schema coordinate: an operation, and the path to the id. */
const PLACES: Readonly<Record<string, readonly (readonly [query: string, path: string])[]>> = {
  'Query.paymentSession(id)': [['query ($id: ID!) { result: paymentSession(id: $id) { id } }', 'id']],
  'PaymentSessionFilter.referenceId': [
    [
      'query ($filter: PaymentSessionFilter) { result: paymentSessions(filter: $filter) { edges { node { id } } } }',
      'filter.referenceId',
    ],
  ],
  'PaymentSessionFilter.userId': [
    ['query ($id: ID) { result: paymentSessions(filter: {userId: $id}) { edges { node { id } } } }', 'filter.userId'],
  ],
  'ValidatePaymentInput.referenceId': [
    [
      'query ($id: ID, $customer: PaymentCustomerInput!) { result: validatePayment(input: {customer: $customer, amount: {value: 1}, referenceId: $id}) { path code message } }',
      'input.referenceId',
    ],
  ],
  'PaymentCustomerInput.userId': [
    [
      'query ($input: ValidatePaymentInput!) { result: validatePayment(input: $input) { path code message } }',
      'input.customer.userId',
    ],
    [CREATE, 'input.customer.userId'],
  ],
  'CreatePaymentSessionInput.idempotencyKey': [[CREATE, 'input.idempotencyKey']],
  'CreatePaymentSessionInput.referenceId': [[CREATE, 'input.referenceId']],
  'SendPaymentRequestInput.idempotencyKey': [[sending(CREATE), 'input.idempotencyKey']],
  'SendPaymentRequestInput.referenceId': [[sending(CREATE), 'input.referenceId']],
  'CancelPaymentSessionInput.id': [
    [
      'mutation ($input: CancelPaymentSessionInput!) { result: cancelPaymentSession(input: $input) { __typename ... on InvalidPaymentInputError { code retryAdvice issues { path code message } } } }',
      'input.id',
    ],
  ],
  // Tested below, with every transport.
  'Subscription.paymentSessionUpdated(id)': [],
};

function sending(query: string): string {
  return query
    .replace('CreatePaymentSessionInput', 'SendPaymentRequestInput')
    .replace('createPaymentSession', 'sendPaymentRequest')
    .replace('CreatePaymentSessionSuccess', 'SendPaymentRequestSuccess');
}

/** The schema coordinates of all ids that clients send. */
function idCoordinates(): string[] {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'), {
    assumeValidSDL: true,
  });
  const isId = ({ type }: { type: GraphQLInputType }): boolean => getNamedType(type).name === 'ID';
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isInputObjectType(type))
      return Object.values(type.getFields())
        .filter((field: GraphQLInputField) => isId(field))
        .map(({ name }) => `${type.name}.${name}`);
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      field.args.filter((arg: GraphQLArgument) => isId(arg)).map((arg) => `${type.name}.${field.name}(${arg.name})`),
    );
  });
}

/** The issues of a response: its data, those of an error that is data, or those of a request error. */
function issuesIn({ data, errors }: GraphQLResponse<Record<string, unknown>>): unknown {
  return issuesOf(data) ?? errors?.[0]?.extensions.issues;
}

const customer = { userId: 'user-1', name: 'Alex Tremblay', email: 'alex@example.com' };

/** The variables for an operation, with this id at the path. The variable `id` takes only the id. */
function variablesFor(query: string, path: string, id: unknown): object {
  const validated = query.includes('ValidatePaymentInput!') ? { input: { customer, amount: { value: 1 } } } : {};
  const variables = { customer, ...(query.startsWith('mutation create') ? { input: newInput() } : validated) };
  return query.includes('$id') ? { ...variables, id } : withValue(variables, path, id);
}

const inexact = (path: string): unknown[] => [
  {
    path: path.split('.'),
    code: 'INVALID_ID',
    message: expect.stringContaining('send it as a string in quotes') as unknown,
  },
];

describe('a JSON number that is not exact', () => {
  it('is tested in every place where the schema takes an id', () => {
    expect(idCoordinates().sort()).toEqual(Object.keys(PLACES).sort());
  });

  it.each(Object.entries(PLACES).flatMap(([place, ways]) => ways.map(([query, path]) => [place, path, query])))(
    'is rejected as %s at %s',
    async (_, path = '', query = '') => {
      for (const text of INEXACT) {
        const response = await gateway.post(
          bodyOf({ query, variables: variablesFor(query, path, new JsonText(text)) }),
        );
        expect(issuesIn(response)).toEqual(inexact(path));
        expect(JSON.stringify(response)).not.toMatch(/\d{16}/);
      }
      const response = await gateway.post({
        query,
        variables: variablesFor(query, path, Number.MAX_SAFE_INTEGER),
      });
      expect([response.errors, issuesIn(response) ?? []]).toEqual([undefined, []]);
      expect(response.data).toHaveProperty('result');
    },
  );

  it('is reported as data, together with all other issues', async () => {
    const input = {
      ...newInput(),
      idempotencyKey: 2 ** 53,
      referenceId: '',
      customer: { ...customer, userId: 2 ** 60 },
    };
    const { data } = await gateway.post<{ result: unknown }>({ query: CREATE, variables: { input } });
    expect(data?.result).toMatchObject({
      __typename: 'InvalidPaymentInputError',
      code: 'INVALID_INPUT',
      retryAdvice: 'NEVER',
      issues: expect.arrayContaining([
        ...inexact('input.idempotencyKey'),
        ...inexact('input.customer.userId'),
        expect.objectContaining({ path: ['input', 'referenceId'], code: 'TOO_SHORT' }),
      ]) as unknown,
    });
  });

  it('does not use up the key that it resembles', async () => {
    for (const operation of OPERATIONS) {
      const key = operation === CREATION ? '9007199254740992' : '9007199254740994';
      const input: PaymentInput = { ...newInput(), idempotencyKey: new JsonText(key) as never };
      const { data } = await gateway.post<{ result: object }>(bodyOf({ query: operation.query, variables: { input } }));
      expect(data?.result).toMatchObject({ __typename: 'InvalidPaymentInputError' });
      expect(await pay(gateway, operation, { ...input, idempotencyKey: key })).toMatchObject({
        __typename: operation.success,
        replayed: false,
      });
    }
  });

  const variables = `{"input":${bodyOf({ ...newInput(), idempotencyKey: new JsonText('9007199254740993') })}}`;
  const extensionsOf = (query: string): string =>
    `{"persistedQuery":{"version":1,"sha256Hash":"${createHash('sha256').update(query).digest('hex')}"}}`;
  it.each([
    ['as text', `"query":${JSON.stringify(CREATE)}`],
    ['by the id of a persisted operation', `"extensions":${extensionsOf(CREATE)}`],
    ['by the id of a persisted operation, with an empty text', `"extensions":${extensionsOf(CREATE)},"query":""`],
  ])('is rejected in an operation that is sent %s', async (_, operation) => {
    const response = await gateway.post(`{${operation},"variables":${variables}}`);
    expect(issuesIn(response)).toEqual(inexact('input.idempotencyKey'));
  });

  it('is rejected in an automatic persisted query, both when it is registered and when it is sent by its hash', async () => {
    // The manifest does not have this text.
    const query = `# An automatic persisted query\n${CREATE}`;
    const byHash = `"extensions":${extensionsOf(query)},"variables":${variables}`;
    expect((await gateway.post(`{${byHash}}`)).errors).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    for (const body of [`{${byHash},"query":${JSON.stringify(query)}}`, `{${byHash}}`])
      expect(issuesIn(await gateway.post(body))).toEqual(inexact('input.idempotencyKey'));
  });

  it('is rejected in the URL of a GET request', async () => {
    const query = 'query ($id: ID!) { result: paymentSession(id: $id) { id } }';
    const parameters = new URLSearchParams({ query, variables: '{"id":9007199254740993}' });
    const response = await fetch(`${gateway.url}/graphql?${parameters.toString()}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(issuesIn((await response.json()) as never)).toEqual(inexact('id'));
  });

  it.each([
    ...SUBSCRIBERS,
    ['a router over HTTP callbacks', (url: string, id: string) => throughRouter(router, url, id)],
  ] as const)('is rejected in a subscription through %s', async (_, subscribe) => {
    const subscriber: TestSubscriber = subscribe(gateway.url, (2 ** 53) as unknown as string);
    await subscriber.ended();
    subscriber.stop();
    expect(subscriber.statuses.filter((status) => status !== undefined)).toEqual([]);
    expect(subscriber.problems.join()).toContain('send it as a string in quotes');
  });

  it('is rejected as the id in an entity representation', async () => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    for (const id of ['9007199254740993', '1042']) {
      const of = [{ __typename: 'PaymentSession', id: new JsonText(id) }];
      const { errors } = await gateway.post(bodyOf({ query, variables: { of } }));
      expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_REQUEST' } }]);
    }
  });
});

describe('a number in a document', () => {
  const literal = (id: string): string =>
    `mutation { result: createPaymentSession(input: {idempotencyKey: ${id}, referenceId: ${id}, amount: {value: "1.00"},
      customer: {userId: ${id}, name: "Alex Tremblay", email: "alex@example.com"}}) {
      ... on CreatePaymentSessionSuccess { replayed paymentSession { id referenceId customer { userId } } } } }`;

  it('is an id that keeps all its digits', async () => {
    const numbers = ['9007199254740995', '9007199254740996', '1234567890123456789'];
    for (const number of numbers) {
      const { data } = await gateway.post({ query: literal(number) });
      expect(data?.result).toMatchObject({
        replayed: false,
        paymentSession: { referenceId: number, customer: { userId: number } },
      });
    }
    const { entries } = await sandbox.journal();
    const sent = JSON.stringify(entries);
    expect(numbers.filter((number) => !sent.includes(number))).toEqual([]);
  });

  it('can be the default value of a variable', async () => {
    const created = paymentIn(await pay(gateway, CREATION, { ...newInput(), referenceId: '90071992547409931' }));
    const query =
      'query ($ref: ID = 90071992547409931) { result: paymentSessions(filter: {referenceId: $ref}) { edges { node { id } } } }';
    expect((await gateway.post({ query })).data?.result).toEqual({ edges: [{ node: { id: created.id } }] });
    expect(await findPayment(gateway, created.id)).toMatchObject({ referenceId: '90071992547409931' });
  });

  it.each(['1e3', '1.0', '9007199254740993.0', '-1.5'])('is not accepted as an id if it is %s', async (number) => {
    const { data, errors } = await gateway.post({ query: literal(number) });
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.inputPath)).toContainEqual(['input', 'idempotencyKey']);
    expect(errors?.[0]?.message).toContain('send a string in quotes');
  });
});
