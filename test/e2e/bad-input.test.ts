import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { badAmountLiterals, badAmounts } from './bad-inputs/amounts.js';
import { badEmails } from './bad-inputs/emails.js';
import { badIds, badKeys } from './bad-inputs/ids.js';
import { inputLiteralMisfits, inputMisfits, literalMisfits, misfits } from './bad-inputs/misfits.js';
import type { LiteralMisfit, Misfit } from './bad-inputs/misfits.js';
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
import type { Payment, PaymentCall, Reply } from './payment-calls.js';

const badValues = [...badNames, ...badEmails, ...badIds, ...badAmounts, ...badUrls];

const { sandbox, gateway } = withGateway();
/** Everything that was refused, to be searched for in the log. */
const rejected: unknown[] = [];
const requestIds: (string | null)[] = [];

/** What is wrong with an answer, each with the words that name the case; empty when all is well. */
function complaints(what: unknown, reply: Reply, values: unknown, expected: unknown, actual: unknown): string[] {
  rejected.push(values);
  requestIds.push(reply.requestId);
  const differs = JSON.stringify(expected) !== JSON.stringify(actual);
  const unexpected = `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}: ${reply.text.slice(0, 400)}`;
  const name = JSON.stringify(what).slice(0, 200);
  return [...flawsOf(reply, values), ...(differs ? [unexpected] : [])].map((flaw) => `${name}: ${flaw}`);
}

const sorted = (texts: readonly string[]): string[] => [...texts].sort();

/** Status, kind of answer and `path code` of every issue. */
function result(reply: Reply): readonly unknown[] {
  const issues = issuesIn(reply)?.map(({ path, code }) => `${path.join('.')} ${code}`);
  const [result] = Object.values(reply.data ?? {}) as { __typename?: string; code?: string; retryAdvice?: string }[];
  return [reply.status, result?.__typename, result?.code, result?.retryAdvice, issues && sorted(issues)];
}

async function judgePayment(calls: readonly PaymentCall[], { what, changes, issues }: BadPayment): Promise<string[]> {
  const asData = ['InvalidPaymentInputError', 'INVALID_INPUT', 'NEVER'];
  const found = calls.map(async (paymentCall) => {
    const payment = Object.entries(changes).reduce<Payment>(
      (changed, [path, value]) => withValue(changed, path, value),
      paymentCall.goodPayment(),
    );
    const reply = await call(gateway.url, paymentCall, payment);
    const kind = paymentCall === validatePayment ? [null, null, null] : asData;
    const expected = [200, ...kind, sorted(issues)];
    return complaints([paymentCall.name, what], reply, Object.values(changes), expected, result(reply));
  });
  return (await Promise.all(found)).flat();
}

function judgeValues(calls: readonly PaymentCall[], { field, codes, values }: BadValues): Promise<string[]> {
  return judgeAll(values, (value) =>
    judgePayment(calls, {
      what: `${field} ${JSON.stringify(value)}`,
      changes: { [field]: value },
      issues: codes.map((code) => `${field} ${code}`),
    }),
  );
}

/** The paths that the errors of a request name, and their codes. */
function misfitVerdict({ status, errors = [] }: Reply): readonly unknown[] {
  const paths = errors.map(({ extensions }) => `${extensions?.inputPath?.join('.') ?? '-'} ${extensions?.code ?? '-'}`);
  return [status, sorted([...new Set(paths)])];
}

const underInput = (path: string): string => ['input', path].filter(Boolean).join('.');

function judgeMisfit(calls: readonly PaymentCall[], { field, values, named = [field] }: Misfit): Promise<string[]> {
  const found = calls.flatMap((paymentCall) =>
    values.map(async (value) => {
      const payment = field === '' ? value : withValue(paymentCall.goodPayment(), field, value);
      const reply = await call(gateway.url, paymentCall, payment);
      const expected = [400, sorted(named.map((path) => `${underInput(path)} BAD_USER_INPUT`))];
      return complaints([paymentCall.name, field, value], reply, value, expected, misfitVerdict(reply));
    }),
  );
  return Promise.all(found).then((all) => all.flat());
}

/** The good payment with every value as it is written in a document. */
const literalPayment: Payment = {
  customer: { userId: '"user-1234"', name: '"Alex Tremblay"', email: '"alex.tremblay@example.org"' },
  amount: { value: '250.10', currency: 'CAD' },
  referenceId: '"LOAN-1042"',
};

/** One key for all of them: what is refused uses up none. */
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

function judgeLiterals(
  calls: readonly LiteralCall[],
  { field, literals, named = [field] }: LiteralMisfit,
): Promise<string[]> {
  const found = calls.flatMap(({ goodPayment, document }) =>
    literals.map(async (literal) => {
      const query = document(withValue(goodPayment, field, literal));
      const reply = await send(gateway.url, { body: JSON.stringify({ query }) });
      const expected = [400, sorted(named.map((path) => `${underInput(path)} GRAPHQL_VALIDATION_FAILED`))];
      return complaints([query], reply, literal?.replace(/^"+|"+$/g, ''), expected, misfitVerdict(reply));
    }),
  );
  return Promise.all(found).then((all) => all.flat());
}

async function judgeRequest(request: BadRequest): Promise<string[]> {
  const reply = await send(gateway.url, request);
  const codes = [...new Set(reply.errors?.map(({ extensions }) => extensions?.code))];
  const { what, body = request.path, status = reply.status, code = codes[0] } = request;
  const flaws = complaints([what, body], reply, undefined, [status, [code]], [reply.status, codes]);
  return reply.errors === undefined || reply.data ? [...flaws, `${what}: not refused: ${reply.text}`] : flaws;
}

const judgeAll = async <T>(cases: readonly T[], judge: (item: T) => Promise<string[]>): Promise<string[]> =>
  (await Promise.all(cases.map(judge))).flat();

describe('a payment that breaks rules', () => {
  it.each(badValues)('is told exactly what is wrong: $field, $kind', async (group) => {
    expect(await judgeValues(paymentCalls, group)).toEqual([]);
  });

  it.each(badKeys)('is told exactly what is wrong: $field, $kind', async (group) => {
    expect(await judgeValues(mutations, group)).toEqual([]);
  });

  it.each(badPayments)('is told all problems at once: $what', async (payment) => {
    expect(await judgePayment(paymentCalls, payment)).toEqual([]);
  });

  it.each(badInputs)('is told all problems at once: $what', async (payment) => {
    expect(await judgePayment(mutations, payment)).toEqual([]);
  });

  it.each(badAmountLiterals)('is told what is wrong with the literal $literal', async ({ literal, codes }) => {
    const judge = async ({ goodPayment, document }: LiteralCall) => {
      const query = document(withValue(goodPayment, 'amount.value', literal));
      const reply = await send(gateway.url, { body: JSON.stringify({ query }) });
      const [result] = Object.values(reply.data ?? {}) as (object[] | { issues: object[] })[];
      const issues = (Array.isArray(result) ? result : result?.issues)?.map((issue) => JSON.stringify(issue));
      const expected = codes.map((code) => JSON.stringify({ path: ['input', 'amount', 'value'], code }));
      return complaints([query], reply, literal, sorted(expected), issues && sorted(issues));
    };
    expect(await judgeAll(literalCalls, judge)).toEqual([]);
  });
});

describe('input that does not fit the schema', () => {
  it.each(misfits)('is told its path only: $field, $kind', async (misfit) => {
    expect(await judgeMisfit(paymentCalls, misfit)).toEqual([]);
  });

  it.each(inputMisfits)('is told its path only: input $field, $kind', async (misfit) => {
    expect(await judgeMisfit(mutations, misfit)).toEqual([]);
  });

  it.each(literalMisfits)('is told its path only: $field as a literal', async (misfit) => {
    expect(await judgeLiterals(literalCalls, misfit)).toEqual([]);
  });

  it.each(inputLiteralMisfits)('is told its path only: input $field as a literal', async (misfit) => {
    expect(await judgeLiterals(literalMutations, misfit)).toEqual([]);
  });
});

describe('a request that is no operation', () => {
  it.each([...new Set(badRequests.map(({ what }) => what))])('is refused without a word of it: %s', async (what) => {
    expect(
      await judgeAll(
        badRequests.filter((request) => request.what === what),
        judgeRequest,
      ),
    ).toEqual([]);
  });
});

describe('after all of this', () => {
  it('counts at least 330 bad inputs', () => {
    const values = [...badValues, ...badKeys, ...misfits, ...inputMisfits].flatMap((group) => group.values);
    const literals = [...literalMisfits, ...inputLiteralMisfits].flatMap((group) => group.literals);
    const others = [...badPayments, ...badInputs, ...badAmountLiterals, ...badRequests];
    expect(values.length + literals.length + others.length).toBeGreaterThanOrEqual(330);
  });

  it('has sent nothing to the provider', async () => {
    const { counts, entries } = await sandbox.journal();
    expect(counts.calls).toEqual({});
    expect(entries).toEqual([]);
  });

  it('has logged every request and no value', async () => {
    await gateway.stop();
    expect(requestIds.filter((id) => id !== null && !gateway.output.includes(id))).toEqual([]);
    expect(echoesIn(gateway.output, rejected.flatMap(tracesOf))).toEqual([]);
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  });
});
