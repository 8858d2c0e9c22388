import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { IdentityField } from '../../src/domain/payment-mismatch.js';
import { TORONTO } from '../reconciliation/daily-files.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { SEND, newInput, requestOf } from '../support/payments.js';
import type { PaymentResult, Payment } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { DailyFiles } from '../support/reconcile.js';
import { until } from '../support/until.js';
import { BY_WEBHOOK_ONLY, deliver, metricOf } from '../support/webhooks.js';

const NIL = '00000000-0000-0000-0000-000000000000';
const SCOPES = 'payments:send payments:read reconciliation:read';
const AMOUNT = '250.10';
const today = TORONTO.dayOf(new Date());

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const files = new DailyFiles(() => ({ FLINKS_BASE_URL: sandbox.url, DATABASE_URL: postgres.databaseUrl() }));
const { sandbox, addGateway } = withSandbox({
  switches: { settleAfterMs: 0 },
  services: [identity, postgres, files],
});
const environment = () => ({ ...identity.environment(), ...BY_WEBHOOK_ONLY });
const verifying = addGateway(() => ({ ...environment(), DATABASE_URL: postgres.databaseUrl() }));
const trusting = addGateway(() => ({ ...environment(), FLINKS_API_VARIANT: 'webhooks=trust' }));

async function as<T>(gateway: TestGateway, sub: string, body: object, scope = SCOPES): Promise<T> {
  const { data, errors } = await gateway.post<T>(body, { authorization: await identity.bearer({ sub, scope }) });
  if (data == null || errors !== undefined) throw new Error(`the response has errors: ${JSON.stringify(errors)}`);
  return data;
}

interface SendOptions {
  readonly client?: string;
  readonly amount?: string;
  readonly email?: string;
}

/** Has a payment request e-mailed; returns the payment with the session at Flinks. */
async function send(
  gateway: TestGateway,
  referenceId: string,
  { client = 'shop', amount = AMOUNT, email }: SendOptions = {},
) {
  const input = newInput();
  const customer = { ...input.customer, ...(email === undefined ? {} : { email }) };
  const body = requestOf(SEND, { ...input, customer, referenceId, amount: { ...input.amount, value: amount } });
  const before = await sandbox.sessions();
  const { result } = await as<{ result: PaymentResult }>(gateway, client, body);
  if (result.paymentSession === undefined) throw new Error(JSON.stringify(result));
  const knownSessions = new Set(before.map(({ sessionId }) => sessionId));
  const session = (await sandbox.sessions()).find(({ sessionId }) => !knownSessions.has(sessionId));
  if (session?.requestId == null) throw new Error('Flinks has no payment request');
  return { ...result.paymentSession, client, gateway, session: { ...session, requestId: session.requestId } };
}

type SentPayment = Awaited<ReturnType<typeof send>>;

async function queryPayment({ gateway, client, id }: SentPayment) {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { status referenceId flinksPaymentRequestId } }';
  const data = await as<{ paymentSession: Pick<Payment, 'status'> & { flinksPaymentRequestId: string | null } }>(
    gateway,
    client,
    { query, variables: { id } },
  );
  return data.paymentSession;
}

const statusOf = async (payment: SentPayment) => (await queryPayment(payment)).status;

/** Delivers an event with the current time, signed like those of Flinks. */
async function deliverEvent(gateway: TestGateway, fields: object): Promise<void> {
  const when = new Date().toISOString();
  const body = JSON.stringify({ when, nonce: randomUUID(), ...fields });
  expect((await deliver(gateway, body)).status).toBe(200);
}

/** Delivers an event; resolves when the gateway has recorded a mismatch. */
async function deliverMismatch(gateway: TestGateway, fields: object): Promise<void> {
  const mismatched = 'flinks_pay_status_updates_total{source="WEBHOOK",effect="mismatched"}';
  const before = await metricOf(gateway, mismatched);
  await deliverEvent(gateway, fields);
  await until(async () => (await metricOf(gateway, mismatched)) > before);
}

/** Resolves when the gateway has logged a mismatch of a webhook event with this payment. */
function mismatchLogged({ gateway, id }: SentPayment, field: IdentityField): Promise<void> {
  const line = `"paymentId":"${id}","source":"WEBHOOK","field":"${field}"`;
  return gateway.logged(`${line},"msg":"status update contradicts the payment: nothing of it was applied"`);
}

const reference = (name = 'LOAN'): string => `${name}-${randomUUID().slice(0, 8)}`;

interface Reconciliation {
  readonly exceptions: {
    readonly edges: readonly {
      readonly node: Record<string, unknown> & { readonly paymentSession?: { id: string } };
    }[];
  };
}

/** The exceptions of the day that the API returns to a client, or to the back office. */
async function exceptionsFor(sub: string, scope = SCOPES) {
  const variables = { date: today, first: 100 };
  const body = { query: EXCEPTIONS_QUERY, variables };
  const { reconciliationReport } = await as<{ reconciliationReport: Reconciliation }>(verifying, sub, body, scope);
  return reconciliationReport.exceptions.edges.map(({ node }) => node);
}
const exceptionsForOperators = () => exceptionsFor('finance', `backoffice:read ${SCOPES}`);
const EXCEPTIONS_QUERY = `query ($date: Date!, $first: Int!) { reconciliationReport(date: $date) { exceptions(first: $first) { edges { node {
  __typename
  ... on UpdateMismatchException { source field recordedValue reportedValue paymentSession { id } }
  ... on IdentityMismatchException { field recordedValue reportedValue paymentSession { id } row { referenceId } }
  ... on AmountMismatchException { recordedValue reportedValue paymentSession { id } row { referenceId } }
  ... on MissingInGatewayException { row { referenceId } }
  ... on MissingInFileException { paymentSession { id } }
  ... on StatusMismatchException { paymentSession { id } row { referenceId } } } } } } }`;

describe.each([
  ['verify', () => verifying],
  ['trust', () => trusting],
] as const)('a webhook event with webhooks=%s', (_, gatewayOf) => {
  it.each([
    ['the nil GUID', NIL],
    ['a placeholder', 'N/A'],
    ['blanks', '  '],
    ['zero', 0],
    ['a number that was rounded', Number('1234567890123456789')],
  ])('whose request id is %s applies to the payment that it describes', async (__, requestId) => {
    const gateway = gatewayOf();
    const [first, second] = [await send(gateway, reference()), await send(gateway, reference(), { amount: '99.00' })];
    await deliverEvent(gateway, { requestId, referenceId: first.referenceId, amount: 250.1, status: 'Processing' });
    await until(async () => (await statusOf(first)) === 'PROCESSING');
    await deliverEvent(gateway, { requestId, referenceId: second.referenceId, amount: 99, status: 'Settled' });
    await until(async () => (await statusOf(second)) === 'SETTLED');
    expect(await queryPayment(first)).toMatchObject({ status: 'PROCESSING', flinksPaymentRequestId: null });
    expect(await queryPayment(second)).toMatchObject({ flinksPaymentRequestId: null });
  });

  it('whose request id Flinks confirms lets the payment be looked up by that id', async () => {
    const gateway = gatewayOf();
    const payment = await send(gateway, reference());
    const { requestId, sessionId } = payment.session;
    await sandbox.moveTo(sessionId, 'Processing');
    await deliverEvent(gateway, { requestId, referenceId: payment.referenceId, amount: 250.1, status: 'Processing' });
    await until(async () => (await queryPayment(payment)).flinksPaymentRequestId === requestId);
    expect(await statusOf(payment)).toBe('PROCESSING');
  });

  it.each([
    ['another reference', { referenceId: 'OTHER-1' }],
    ['another amount', { amount: 1 }],
    ['another currency', { currency: 'USD' }],
    ['another e-mail address', { customerEmail: 'sam@example.com' }],
    ['another session', { sessionId: randomUUID() }],
  ])('that contradicts a recorded request id by %s changes nothing', async (__, contradiction) => {
    const gateway = gatewayOf();
    const payment = await send(gateway, reference());
    const { requestId } = payment.session;
    await deliverEvent(gateway, { requestId, referenceId: payment.referenceId, amount: 250.1, status: 'Initiated' });
    await until(async () => (await queryPayment(payment)).flinksPaymentRequestId === requestId);
    await deliverMismatch(gateway, { requestId, status: 'Settled', ...contradiction });
    expect(await statusOf(payment)).toBe('INITIATED');
  });

  it('with the recorded request id of another payment changes neither payment', async () => {
    const gateway = gatewayOf();
    const [first, second] = [await send(gateway, reference()), await send(gateway, reference(), { amount: '99.00' })];
    const { requestId } = first.session;
    await deliverEvent(gateway, { requestId, referenceId: first.referenceId, amount: 250.1, status: 'Initiated' });
    await until(async () => (await queryPayment(first)).flinksPaymentRequestId === requestId);
    await deliverMismatch(gateway, { requestId, referenceId: second.referenceId, amount: 99, status: 'Settled' });
    await mismatchLogged(first, 'REFERENCE_ID');
    expect([await statusOf(first), await statusOf(second)]).toEqual(['INITIATED', 'INITIATED']);
    expect((await queryPayment(second)).flinksPaymentRequestId).toBeNull();
  });

  it('with an id of the event itself applies to the payment that its other fields describe', async () => {
    const gateway = gatewayOf();
    const payment = await send(gateway, reference());
    const fields = { referenceId: payment.referenceId, amount: 250.1, customerEmail: payment.customer.email };
    await deliverEvent(gateway, { id: 'evt_1', ...fields, status: 'Processing' });
    await until(async () => (await statusOf(payment)) === 'PROCESSING');
    await deliverEvent(gateway, { id: 'evt_2', ...fields, status: 'Settled' });
    await until(async () => (await statusOf(payment)) === 'SETTLED');
    expect((await queryPayment(payment)).flinksPaymentRequestId).toBeNull();
  });

  it('that spells ids in another way applies to the payment that has them', async () => {
    const gateway = gatewayOf();
    const byGuid = await send(gateway, randomUUID());
    await deliverEvent(gateway, { referenceId: byGuid.referenceId.toUpperCase(), amount: 250.1, status: 'Settled' });
    const composed = await send(gateway, reference('Prêt').normalize('NFD'));
    await deliverEvent(gateway, {
      referenceId: composed.referenceId.normalize('NFC'),
      amount: 250.1,
      status: 'Settled',
    });
    const bySession = await send(gateway, reference());
    await deliverEvent(gateway, { sessionId: bySession.session.sessionId.toUpperCase(), status: 'Settled' });
    for (const payment of [byGuid, composed, bySession])
      await until(async () => (await statusOf(payment)) === 'SETTLED');
  });

  it('for one of two clients with the same reference changes the payment of that client only', async () => {
    const gateway = gatewayOf();
    const [name, email] = [reference(), `payer.${randomUUID()}@example.com`];
    const first = await send(gateway, name, { client: 'shop', email });
    const second = await send(gateway, name, { client: 'copier', email });
    // At Flinks the references differ, which neither client sees.
    expect(first.session.referenceId).toBe(name);
    expect(second.session.referenceId).toMatch(new RegExp(`^${name}-x[0-9a-f]{10}$`));
    expect([first.referenceId, second.referenceId]).toEqual([name, name]);
    await deliverEvent(gateway, { referenceId: name, status: 'Processing' });
    await until(async () => (await statusOf(first)) === 'PROCESSING');
    const { requestId } = first.session;
    await sandbox.moveTo(first.session.sessionId, 'Settled');
    await deliverEvent(gateway, {
      requestId,
      referenceId: name,
      amount: 250.1,
      customerEmail: email,
      status: 'Settled',
    });
    await until(async () => (await statusOf(first)) === 'SETTLED');
    expect(await statusOf(second)).toBe('INITIATED');
    await deliverEvent(gateway, { referenceId: second.session.referenceId, amount: 250.1, status: 'Settled' });
    await until(async () => (await statusOf(second)) === 'SETTLED');
  });

  it('for a payment of another system changes nothing, although a client copied its reference', async () => {
    const gateway = gatewayOf();
    const name = reference();
    const [otherSystem] = await sandbox.addSessions([
      {
        referenceId: 'OF-ANOTHER-SYSTEM',
        amount: '9.00',
        customerName: 'Sam Roy',
        customerEmail: 'sam@example.com',
        status: 'Settled',
      },
    ]);
    const copier = await send(gateway, name, { client: 'copier' });
    await deliverMismatch(gateway, { requestId: otherSystem?.requestId, referenceId: name, status: 'Settled' });
    expect(await queryPayment(copier)).toMatchObject({ status: 'INITIATED', flinksPaymentRequestId: null });
  });
});

describe('the reconciliation of a daily file', () => {
  it('applies each row to the payment that it describes, and shows it to no other client', async () => {
    const [name, email] = [reference(), `payer.${randomUUID()}@example.com`];
    const guid = randomUUID();
    const first = await send(verifying, name, { client: 'shop', email });
    const second = await send(verifying, name, { client: 'copier', email });
    const byGuid = await send(verifying, guid);
    const composed = await send(verifying, reference('Prêt').normalize('NFD'));
    const proven = await send(verifying, reference());
    const { requestId } = proven.session;
    await deliverEvent(verifying, { requestId, referenceId: proven.referenceId, status: 'Initiated' });
    await until(async () => (await queryPayment(proven)).flinksPaymentRequestId === requestId);
    const absent = await send(verifying, reference());
    await deliverEvent(verifying, { referenceId: absent.referenceId, amount: 250.1, status: 'Settled' });
    await until(async () => (await statusOf(absent)) === 'SETTLED');
    const rows = [
      ['', name, AMOUNT, 'Settled', email],
      // A payment of another system, with a reference that the client "copier" has copied.
      ['', second.session.referenceId, '1.00', 'Settled', email],
      [NIL, guid.toUpperCase(), AMOUNT, 'Settled', ''],
      ['N/A', composed.referenceId.normalize('NFC'), AMOUNT, 'Settled', ''],
      [requestId, 'OTHER-2', AMOUNT, 'Settled', ''],
    ];
    const header = 'Request ID,Reference ID,Amount,Status,Customer Email';
    const { lines } = await files.reconcile([header, ...rows.map((row) => row.join(','))].join('\n'), '--date', today);
    expect(lines.join('\n')).toContain('rows: 5,');
    for (const payment of [first, byGuid, composed]) expect(await statusOf(payment)).toBe('SETTLED');
    for (const payment of [second, proven]) expect(await statusOf(payment)).toBe('INITIATED');
    const isOf = (node: { paymentSession?: { id: string } }, { id }: SentPayment): boolean =>
      node.paymentSession?.id === id;
    const all = await exceptionsForOperators();
    expect(all.filter((node) => isOf(node, proven))).toMatchObject([
      {
        __typename: 'IdentityMismatchException',
        field: 'REFERENCE_ID',
        recordedValue: proven.referenceId,
        reportedValue: 'OTHER-2',
      },
    ]);
    // The API returns the reference that the client chose.
    expect(all.filter((node) => isOf(node, second))).toMatchObject([
      { __typename: 'AmountMismatchException', row: { referenceId: name } },
    ]);
    for (const client of ['shop', 'copier', 'stranger']) {
      const exceptions = await exceptionsFor(client);
      const ofAbsent = exceptions.filter((node) => isOf(node, absent));
      expect(ofAbsent).toMatchObject(client === 'shop' ? [{ __typename: 'MissingInFileException' }] : []);
      expect(JSON.stringify(exceptions)).not.toMatch(
        /"1\.00"|OTHER-2|IdentityMismatch|UpdateMismatch|MissingInGateway/,
      );
    }
  });

  it('reports the mismatches of the webhook events of that day', async () => {
    const payment = await send(verifying, reference());
    const { requestId } = payment.session;
    await deliverEvent(verifying, { requestId, referenceId: payment.referenceId, status: 'Initiated' });
    await until(async () => (await queryPayment(payment)).flinksPaymentRequestId === requestId);
    await deliverEvent(verifying, { requestId, referenceId: 'OTHER-3', status: 'Settled' });
    await files.reconcile('Reference ID,Amount,Status\nnobody,1.00,Settled', '--date', today);
    await until(async () => (await exceptionsForOperators()).some(({ reportedValue }) => reportedValue === 'OTHER-3'));
    const found = (await exceptionsForOperators()).find(({ reportedValue }) => reportedValue === 'OTHER-3');
    expect(found).toEqual({
      __typename: 'UpdateMismatchException',
      source: 'WEBHOOK',
      field: 'REFERENCE_ID',
      recordedValue: payment.referenceId,
      reportedValue: 'OTHER-3',
      paymentSession: { id: payment.id },
    });
    await mismatchLogged(payment, 'REFERENCE_ID');
  });
});
