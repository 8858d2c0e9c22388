import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { badAmountLiterals, badAmounts } from './bad-inputs/amounts.js';
import { badEmails } from './bad-inputs/emails.js';
import { badIds, badKeys } from './bad-inputs/ids.js';
import {
  inputLiteralViolations,
  inputSchemaViolations,
  literalViolations,
  schemaViolations,
} from './bad-inputs/schema-violations.js';
import type { LiteralViolation, SchemaViolation } from './bad-inputs/schema-violations.js';
import { badNames } from './bad-inputs/names.js';
import { badInputs, badPayments } from './bad-inputs/payments.js';
import type { BadPayment } from './bad-inputs/payments.js';
import { badRequests } from './bad-inputs/requests.js';
import type { BadRequest } from './bad-inputs/requests.js';
import { badUrls } from './bad-inputs/urls.js';
import type { BadValues } from './bad-inputs/values.js';
import {
  call,
  echoesIn,
  flawsOf,
  issuesIn,
  mutations,
  paymentCalls,
  send,
  tracesOf,
  validatePayment,
  withValue,
} from './payment-calls.js';
import type { GatewayResponse, Payment, PaymentCall } from './payment-calls.js';

const badValues = [...badNames, ...badEmails, ...badIds, ...badAmounts, ...badUrls];

const { sandbox, gateway } = withGateway();
/** Every rejected value, to search the log for. */
const rejected: unknown[] = [];
const requestIds: (string | null)[] = [];

/** The problems of a response, each with the description of its case. */
function describedFlaws(
  description: unknown,
  response: GatewayResponse,
  values: unknown,
  expected: unknown,
  actual: unknown,
): string[] {
  rejected.push(values);
  requestIds.push(response.requestId);
  const differs = JSON.stringify(expected) !== JSON.stringify(actual);
  const unexpected = `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}: ${response.text.slice(0, 400)}`;
  const name = JSON.stringify(description).slice(0, 200);
  return [...flawsOf(response, values), ...(differs ? [unexpected] : [])].map((flaw) => `${name}: ${flaw}`);
}

const sorted = (texts: readonly string[]): string[] => [...texts].sort();

/** The HTTP status, the type of result, and `path code` of every issue. */
function summaryOf(response: GatewayResponse): readonly unknown[] {
  const issues = issuesIn(response)?.map(({ path, code }) => `${path.join('.')} ${code}`);
  const [result] = Object.values(response.data ?? {}) as { __typename?: string; code?: string; retryAdvice?: string }[];
  return [response.status, result?.__typename, result?.code, result?.retryAdvice, issues && sorted(issues)];
}

async function checkPayment(
  calls: readonly PaymentCall[],
  { description, changes, issues }: BadPayment,
): Promise<string[]> {
  const asData = ['InvalidPaymentInputError', 'INVALID_INPUT', 'NEVER'];
  const found = calls.map(async (paymentCall) => {
    const payment = Object.entries(changes).reduce<Payment>(
      (changed, [path, value]) => withValue(changed, path, value),
      paymentCall.goodPayment(),
    );
    const response = await call(gateway.url, paymentCall, payment);
    const kind = paymentCall === validatePayment ? [null, null, null] : asData;
    const expected = [200, ...kind, sorted(issues)];
    return describedFlaws(
      [paymentCall.name, description],
      response,
      Object.values(changes),
      expected,
      summaryOf(response),
    );
  });
  return (await Promise.all(found)).flat();
}

function checkValues(calls: readonly PaymentCall[], { field, codes, values }: BadValues): Promise<string[]> {
  return checkAll(values, (value) =>
    checkPayment(calls, {
      description: `${field} ${JSON.stringify(value)}`,
      changes: { [field]: value },
      issues: codes.map((code) => `${field} ${code}`),
    }),
  );
}

/** The HTTP status, and `path code` of every entry of `errors[]`. */
function errorSummaryOf({ status, errors = [] }: GatewayResponse): readonly unknown[] {
  const paths = errors.map(({ extensions }) => `${extensions?.inputPath?.join('.') ?? '-'} ${extensions?.code ?? '-'}`);
  return [status, sorted([...new Set(paths)])];
}

const underInput = (path: string): string => ['input', path].filter(Boolean).join('.');

function checkViolation(
  calls: readonly PaymentCall[],
  { field, values, reportedPaths = [field] }: SchemaViolation,
): Promise<string[]> {
  const found = calls.flatMap((paymentCall) =>
    values.map(async (value) => {
      const payment = field === '' ? value : withValue(paymentCall.goodPayment(), field, value);
      const response = await call(gateway.url, paymentCall, payment);
      const expected = [400, sorted(reportedPaths.map((path) => `${underInput(path)} BAD_USER_INPUT`))];
      return describedFlaws([paymentCall.name, field, value], response, value, expected, errorSummaryOf(response));
    }),
  );
  return Promise.all(found).then((all) => all.flat());
}

/** A valid payment, with every value as it is written in a document. */
const literalPayment: Payment = {
  customer: { userId: '"user-1234"', name: '"Alex Tremblay"', email: '"alex.tremblay@example.org"' },
  amount: { value: '250.10', currency: 'CAD' },
  referenceId: '"LOAN-1042"',
};

/** All calls share one key, because rejected input does not use it. */
const literalInput: Payment = { idempotencyKey: '"literal-key"', ...literalPayment };

function literalText(part: unknown): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part)) return `[${part.map(literalText).join(' ')}]`;
  return `{${literalFields(part as object)}}`;
}

function literalFields(part: object): string {
  const present = Object.entries(part).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => `${name}: ${literalText(value)}`).join(' ');
}

interface LiteralCall {
  readonly goodPayment: Payment;
  readonly document: (payment: Payment) => string;
}

const literalMutations: readonly LiteralCall[] = ['createPaymentSession', 'sendPaymentRequest'].map((name) => ({
  goodPayment: literalInput,
  document: (payment) =>
    `mutation { ${name}(input: ${literalText(payment)}) { __typename ... on InvalidPaymentInputError { issues { path code } } } }`,
}));

const literalCalls: readonly LiteralCall[] = [
  ...literalMutations,
  {
    goodPayment: literalPayment,
    document: (payment) => `{ validatePayment(input: ${literalText(payment)}) { path code } }`,
  },
];

function checkLiterals(
  calls: readonly LiteralCall[],
  { field, literals, reportedPaths = [field] }: LiteralViolation,
): Promise<string[]> {
  const found = calls.flatMap(({ goodPayment, document }) =>
    literals.map(async (literal) => {
      const query = document(withValue(goodPayment, field, literal));
      const response = await send(gateway.url, { body: JSON.stringify({ query }) });
      const expected = [400, sorted(reportedPaths.map((path) => `${underInput(path)} GRAPHQL_VALIDATION_FAILED`))];
      return describedFlaws([query], response, literal?.replace(/^"+|"+$/g, ''), expected, errorSummaryOf(response));
    }),
  );
  return Promise.all(found).then((all) => all.flat());
}

async function checkRequest(request: BadRequest): Promise<string[]> {
  const response = await send(gateway.url, request);
  const codes = [...new Set(response.errors?.map(({ extensions }) => extensions?.code))];
  const { description, body = request.path, status = response.status, code = codes[0] } = request;
  const flaws = describedFlaws([description, body], response, undefined, [status, [code]], [response.status, codes]);
  return response.errors === undefined || response.data
    ? [...flaws, `${description}: not rejected: ${response.text}`]
    : flaws;
}

const checkAll = async <T>(cases: readonly T[], check: (item: T) => Promise<string[]>): Promise<string[]> =>
  (await Promise.all(cases.map(check))).flat();

describe('the gateway', () => {
  it.each(badValues)('reports exactly the rules that a value of $field breaks: $kind', async (group) => {
    expect(await checkValues(paymentCalls, group)).toEqual([]);
  });

  it.each(badKeys)('reports exactly the rules that a value of $field breaks: $kind', async (group) => {
    expect(await checkValues(mutations, group)).toEqual([]);
  });

  it.each(badPayments)('reports all issues of a payment at once: $description', async (payment) => {
    expect(await checkPayment(paymentCalls, payment)).toEqual([]);
  });

  it.each(badInputs)('reports all issues of a payment at once: $description', async (payment) => {
    expect(await checkPayment(mutations, payment)).toEqual([]);
  });

  it.each(badAmountLiterals)(
    'reports the rules that the amount literal $literal breaks',
    async ({ literal, codes }) => {
      const check = async ({ goodPayment, document }: LiteralCall) => {
        const query = document(withValue(goodPayment, 'amount.value', literal));
        const response = await send(gateway.url, { body: JSON.stringify({ query }) });
        const [result] = Object.values(response.data ?? {}) as (object[] | { issues: object[] })[];
        const issues = (Array.isArray(result) ? result : result?.issues)?.map((issue) => JSON.stringify(issue));
        const expected = codes.map((code) => JSON.stringify({ path: ['input', 'amount', 'value'], code }));
        return describedFlaws([query], response, literal, sorted(expected), issues && sorted(issues));
      };
      expect(await checkAll(literalCalls, check)).toEqual([]);
    },
  );
});

describe('the response to a payment that violates the schema', () => {
  it.each(schemaViolations)('names only the path of the field "$field": $kind', async (violation) => {
    expect(await checkViolation(paymentCalls, violation)).toEqual([]);
  });

  it.each(inputSchemaViolations)(
    'names only the path of the field "$field" of a mutation: $kind',
    async (violation) => {
      expect(await checkViolation(mutations, violation)).toEqual([]);
    },
  );

  it.each(literalViolations)('names only the path of the literal "$field"', async (violation) => {
    expect(await checkLiterals(literalCalls, violation)).toEqual([]);
  });

  it.each(inputLiteralViolations)('names only the path of the literal "$field" of a mutation', async (violation) => {
    expect(await checkLiterals(literalMutations, violation)).toEqual([]);
  });
});

describe('a request that is not a valid operation', () => {
  it.each([...new Set(badRequests.map(({ description }) => description))])(
    'is rejected and not echoed: %s',
    async (description) => {
      expect(
        await checkAll(
          badRequests.filter((request) => request.description === description),
          checkRequest,
        ),
      ).toEqual([]);
    },
  );
});

describe('a gateway that has received only bad input', () => {
  it('was tested with at least 330 bad inputs', () => {
    const values = [...badValues, ...badKeys, ...schemaViolations, ...inputSchemaViolations].flatMap(
      (group) => group.values,
    );
    const literals = [...literalViolations, ...inputLiteralViolations].flatMap((group) => group.literals);
    const others = [...badPayments, ...badInputs, ...badAmountLiterals, ...badRequests];
    expect(values.length + literals.length + others.length).toBeGreaterThanOrEqual(330);
  });

  it('has sent nothing to Flinks', async () => {
    const { counts, entries } = await sandbox.journal();
    expect(counts.calls).toEqual({});
    expect(entries).toEqual([]);
  });

  it('has logged every request and no rejected value', async () => {
    await gateway.stop();
    expect(requestIds.filter((id) => id !== null && !gateway.output.includes(id))).toEqual([]);
    expect(echoesIn(gateway.output, rejected.flatMap(tracesOf))).toEqual([]);
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  });
});
