import { beforeAll, describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { PaymentSessionsDocument } from '../../client/src/generated/operations.js';
import type {
  PaymentSessionFilter,
  PaymentSessionsQuery,
  PaymentSessionsQueryVariables,
} from '../../client/src/generated/operations.js';
import { withGateway } from '../support/fixture.js';
import { CREATION, SEND, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, Payment, PaymentInput } from '../support/payments.js';
import { MARK, flawsOf, send } from './payment-calls.js';

const { gateway } = withGateway();
/** Newest first, as in the list. */
let links: Payment[];
let emailed: Payment;

beforeAll(async () => {
  links = [];
  for (const referenceId of ['LOAN-1', 'LOAN-2', 'LOAN-2', 'LOAN-3'])
    links.unshift(await createPayment(CREATION, { userId: 'user-links', referenceId }));
  emailed = await createPayment(SEND, { userId: 'user-mail', referenceId: 'LOAN-2' });
});

async function createPayment(
  operation: Operation,
  { userId, referenceId }: { userId: string; referenceId: string },
): Promise<Payment> {
  const input: PaymentInput = newInput();
  const result = await pay(gateway, operation, { ...input, referenceId, customer: { ...input.customer, userId } });
  return paymentIn(result);
}

async function list(variables: PaymentSessionsQueryVariables): Promise<PaymentSessionsQuery['paymentSessions']> {
  const { data, errors } = await gateway.run(PaymentSessionsDocument, variables);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.paymentSessions;
}

const idsOf = ({ edges }: PaymentSessionsQuery['paymentSessions']): string[] => edges.map(({ node }) => node?.id ?? '');
const ids = (payments: readonly Payment[]): string[] => payments.map(({ id }) => id);

describe('paymentSessions', () => {
  it('lists all payments, newest first', async () => {
    const all = await list({});
    expect(idsOf(all)).toEqual(ids([emailed, ...links]));
    expect(all.pageInfo).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: all.edges[0]?.cursor,
      endCursor: all.edges.at(-1)?.cursor,
    });
    expect(all.edges[0]?.node).toMatchObject({ deliveryMethod: 'EMAIL', referenceId: 'LOAN-2', status: 'INITIATED' });
  });

  it('returns the next page after the last cursor', async () => {
    const variables = { filter: { userId: 'user-links' }, first: 2 };
    const first = await list(variables);
    expect(idsOf(first)).toEqual(ids(links.slice(0, 2)));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await list({ ...variables, after: first.pageInfo.endCursor ?? null });
    expect(idsOf(second)).toEqual(ids(links.slice(2)));
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const third = await list({ ...variables, after: second.pageInfo.endCursor ?? null });
    expect(third).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it('lists the payments that match all conditions of a filter', async () => {
    const found = async (filter: PaymentSessionFilter | null) => idsOf(await list({ filter }));
    const [second, third] = [links[1], links[2]];
    if (second === undefined || third === undefined) throw new Error('there are four');
    expect(await found(null)).toHaveLength(5);
    expect(await found({ referenceId: 'LOAN-2' })).toEqual(ids([emailed, second, third]));
    expect(await found({ referenceId: 'LOAN-2', userId: 'user-links' })).toEqual(ids([second, third]));
    expect(await found({ deliveryMethod: 'EMAIL' })).toEqual([emailed.id]);
    expect(await found({ deliveryMethod: 'EMAIL', userId: 'user-links' })).toEqual([]);
    expect(await found({ status: 'INITIATED', deliveryMethod: 'LINK' })).toEqual(ids(links));
    expect(await found({ status: 'SETTLED', referenceId: null })).toEqual([]);
    expect(await found({ createdFrom: third.createdAt, createdBefore: emailed.createdAt })).toEqual(
      ids(links.filter(({ createdAt }) => createdAt >= third.createdAt && createdAt < emailed.createdAt)),
    );
    expect(await found({ createdFrom: emailed.createdAt, createdBefore: emailed.createdAt })).toEqual([]);
  });
});

/** Arguments that break rules, and the issues that they cause. */
interface InvalidArguments {
  readonly description: string;
  readonly variables: Record<string, unknown>;
  readonly issues: readonly string[];
}

const cursor = (json: string): string => Buffer.from(json).toString('base64url');
const GOOD_ID = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';

const INVALID_ARGUMENTS: readonly InvalidArguments[] = [
  ...[0, -1, -2147483648].map((first) => ({
    description: `first ${first}`,
    variables: { first },
    issues: ['first TOO_SMALL'],
  })),
  ...[101, 2147483647].map((first) => ({
    description: `first ${first}`,
    variables: { first },
    issues: ['first TOO_LARGE'],
  })),
  ...[
    ...['', ' ', MARK, MARK.repeat(1_000), GOOD_ID, '\0', cursor(MARK), cursor('[]'), cursor('['.repeat(10_000))],
    ...[`[1,"${GOOD_ID}"] `, `["1","${GOOD_ID}"]`, `[1,"${MARK}"]`, `[1]`, `[1,"${GOOD_ID}",1]`].map(cursor),
    ...[`[1.5,"${GOOD_ID}"]`, `[9007199254740991,"${GOOD_ID}"]`, `[1,"${GOOD_ID}\\u0000"]`].map(cursor),
  ].map((after) => ({
    description: `after ${JSON.stringify(after).slice(0, 40)}`,
    variables: { after },
    issues: ['after INVALID_CURSOR'],
  })),
  ...['userId', 'referenceId'].flatMap((field) =>
    [
      { value: '', code: 'TOO_SHORT' },
      { value: MARK.repeat(13), code: 'TOO_LONG' },
      { value: `${MARK}\0`, code: 'INVALID_CHARACTERS' },
      { value: `${MARK} ${MARK}`, code: 'INVALID_CHARACTERS' },
      { value: `${MARK}\ud800`, code: 'INVALID_CHARACTERS' },
    ].map(({ value, code }) => ({
      description: `${field} ${JSON.stringify(value)}`,
      variables: { filter: { [field]: value } },
      issues: [`filter.${field} ${code}`],
    })),
  ),
  {
    description: 'all arguments',
    variables: { first: 0, after: MARK, filter: { userId: `${MARK}\0`, referenceId: '' } },
    issues: [
      'after INVALID_CURSOR',
      'filter.referenceId TOO_SHORT',
      'filter.userId INVALID_CHARACTERS',
      'first TOO_SMALL',
    ],
  },
];

const SCHEMA_VIOLATIONS = [
  { path: 'first', variables: { first: MARK } },
  { path: 'first', variables: { first: 1.5 } },
  { path: 'first', variables: { first: null } },
  { path: 'after', variables: { after: 7319513773 } },
  { path: 'filter.status', variables: { filter: { status: MARK } } },
  { path: 'filter.deliveryMethod', variables: { filter: { deliveryMethod: [MARK] } } },
  { path: 'filter.createdFrom', variables: { filter: { createdFrom: MARK } } },
  { path: 'filter.createdBefore', variables: { filter: { createdBefore: '2026-02-30T00:00:00Z' } } },
  { path: 'filter', variables: { filter: { [MARK]: MARK } } },
];

/** The values of the variables, without their names. */
const valuesIn = (variables: object): unknown[] =>
  Object.values(variables).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? valuesIn(value) : [value],
  );

const request = (variables: object) =>
  send(gateway.url, { body: JSON.stringify({ query: print(PaymentSessionsDocument), variables }) });

describe('invalid arguments of paymentSessions', () => {
  it.each(INVALID_ARGUMENTS)(
    'are reported all at once, and not echoed: $description',
    async ({ variables, issues }) => {
      const response = await request(variables);
      expect(flawsOf(response, valuesIn(variables))).toEqual([]);
      expect(response).toMatchObject({ status: 200, data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      const [error] = response.errors ?? [];
      const extensions = error?.extensions as { inputPath: string[]; issues: { path: string[]; code: string }[] };
      expect(extensions.issues.map(({ path, code }) => `${path.join('.')} ${code}`).sort()).toEqual(issues);
      expect(extensions.inputPath).toEqual(extensions.issues[0]?.path);
      for (const { path } of extensions.issues) expect(error?.message).toContain(`${path.join('.')}: `);
    },
  );

  it.each(SCHEMA_VIOLATIONS)(
    'are reported by their path if they violate the schema: $path',
    async ({ path, variables }) => {
      const response = await request(variables);
      expect(flawsOf(response, valuesIn(variables))).toEqual([]);
      expect(response).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'BAD_USER_INPUT', inputPath: path.split('.') } }],
      });
    },
  );

  it('cause no warning or error in the log, and are not logged', async () => {
    const { requestId } = await request({ after: MARK });
    await gateway.logged(requestId ?? '');
    expect(gateway.output).not.toContain(MARK);
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  });
});
