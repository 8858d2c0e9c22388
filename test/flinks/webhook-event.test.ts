import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import { readWebhookEvent } from '../../src/flinks/wire/webhook-event.js';

/** The event in a body, with its secrets revealed. */
function read(body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const event = readWebhookEvent(new Sensitive(Buffer.from(text)));
  if (event === undefined) return undefined;
  const { identity, ...rest } = event;
  const { sessionId, email, createdAt, ...ids } = identity;
  expect(createdAt).toBeUndefined();
  const when = rest.when?.toISOString();
  return { ...rest, ...ids, sessionId: sessionId?.reveal(), email: email?.reveal(), when };
}

const FIELDS = {
  requestId: 'request-1',
  sessionId: 'session-1',
  referenceId: 'LOAN-1042',
  amount: 125.5,
  customerEmail: 'alex@example.com',
  status: 'Failed',
  statusDetails: 'EFT0403',
};
const WHEN = '2026-06-04T14:30:00Z';
const EVENT = {
  withoutId: [],
  paymentRequestId: 'request-1',
  bareId: undefined,
  currency: undefined,
  sessionId: 'session-1',
  referenceId: 'LOAN-1042',
  amountMinor: 12_550,
  email: 'alex@example.com',
  providerStatus: 'Failed',
  status: 'FAILED',
  details: 'EFT0403',
  when: '2026-06-04T14:30:00.000Z',
};

function pascalCase(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value as unknown]),
  );
}

describe('readWebhookEvent', () => {
  it.each([
    ['without an envelope', { ...FIELDS, when: WHEN }],
    ['with unknown fields', { ...FIELDS, when: WHEN, colour: 'red', nested: { status: 'Settled' } }],
    ['in Pascal case', pascalCase({ ...FIELDS, when: WHEN })],
    [
      'in snake case',
      {
        request_id: 'request-1',
        session_id: 'session-1',
        reference_id: 'LOAN-1042',
        amount: '125.50',
        customer_email: 'alex@example.com',
        status: 'Failed',
        status_details: 'EFT0403',
        occurred_at: WHEN,
      },
    ],
    ['in an envelope', { event: 'TransactionStatusChanged', when: WHEN, data: FIELDS }],
    [
      'in an envelope with an id and status of its own',
      { id: 'event-1', status: 'sent', timestamp: WHEN, payload: FIELDS },
    ],
    ['in two envelopes', { event: { name: 'TransactionStatusChanged', when: WHEN, data: FIELDS } }],
    ['with an id beside its session', { ...FIELDS, id: 'event-1', when: WHEN }],
    ['behind a byte order mark', `\uFEFF${JSON.stringify({ ...FIELDS, when: WHEN })}`],
  ])('reads an event %s', (_, body) => {
    expect(read(body)).toEqual(EVENT);
  });

  it('treats a bare id as either a payment request id or an event id', () => {
    const bare = { paymentRequestId: undefined, bareId: 'id-1' };
    expect(read({ id: 'id-1', status: 'Accepted' })).toMatchObject(bare);
    expect(read({ id: 'id-1', sessionId: 's' })).toMatchObject({ ...bare, sessionId: 's' });
    expect(read({ id: 'id-1', requestId: 'r' })).toMatchObject({ paymentRequestId: 'r', bareId: undefined });
    expect(read({ id: 'id-1', data: { referenceId: 'r' } })).toMatchObject({ bareId: undefined });
  });

  it.each([
    ['the nil GUID', '00000000-0000-0000-0000-000000000000'],
    ['a placeholder', 'N/A'],
    ['blanks', '   '],
    ['zero', 0],
    ['a number that was rounded', Number('9007199254740993')],
    ['a number with a fraction', 1.5],
    ['a number that went through a spreadsheet', '1.23457E+18'],
  ])('treats %s as no id, and reports the field', (_, requestId) => {
    const withoutRequestId = { paymentRequestId: undefined, withoutId: ['paymentRequestId'] };
    expect(read({ requestId, referenceId: 'LOAN-1' })).toMatchObject({ ...withoutRequestId, referenceId: 'LOAN-1' });
    expect(read({ requestId, status: 'Settled' })).toBeUndefined();
  });

  it('takes an id from the first of its field names that holds one', () => {
    expect(read({ requestId: 'null', paymentRequestId: ' request-1 ' })).toMatchObject({
      paymentRequestId: 'request-1',
      withoutId: [],
    });
  });

  it.each([
    ['"CAD"', 'CAD'],
    ['" usd "', 'USD'],
    ['"$"', undefined],
    ['null', undefined],
  ])('reads a currency of %s', (currency, expected) => {
    expect(read(`{"sessionId":"s","currency":${currency}}`)).toMatchObject({ currency: expected });
  });

  it('keeps an undocumented provider status without mapping it', () => {
    expect(read({ sessionId: 's', status: 'Completed' })).toMatchObject({
      providerStatus: 'Completed',
      status: undefined,
    });
    expect(read({ sessionId: 's' })).toMatchObject({ providerStatus: undefined, status: undefined });
  });

  it.each([
    ['125.5', 12_550],
    ['125.50', 12_550],
    ['0.01', 1],
    ['99999999999.99', 9_999_999_999_999],
    ['"125.50"', 12_550],
    ['125.501', NaN],
    ['125.5000', 12_550],
    ['"125.5000"', 12_550],
    ['-1', NaN],
    ['"-125.50"', NaN],
    ['0', undefined],
    ['"0.00"', undefined],
    ['"1,000.00"', 100_000],
    ['"99,00"', 9_900],
    ['"$99.00 CAD"', 9_900],
    ['250.10000000000002', 25_010],
    ['1e2', 10_000],
    ['1e21', NaN],
    ['"1.000,00"', NaN],
    ['"ninety"', undefined],
    ['null', undefined],
    ['{"value":"1.00","currency":"CAD"}', 100],
  ])('reads an amount of %s exactly or rejects it', (amount, amountMinor) => {
    expect(read(`{"sessionId":"s","amount":${amount}}`)).toMatchObject({ amountMinor });
  });

  it.each([
    ['"2026-06-04T14:30:00Z"', '2026-06-04T14:30:00.000Z'],
    ['"2026-06-04T10:30:00.1234567-04:00"', '2026-06-04T14:30:00.123Z'],
    ['1780583400', '2026-06-04T14:30:00.000Z'],
    ['1780583400123', '2026-06-04T14:30:00.123Z'],
    ['"2026-06-04T14:30:00"', undefined],
    ['"2026-06-04"', undefined],
    ['"2026-13-04T14:30:00Z"', undefined],
    ['"yesterday"', undefined],
    ['1e300', undefined],
    ['null', undefined],
  ])('reads a time of %s only when it is unambiguous', (when, expected) => {
    expect(read(`{"sessionId":"s","when":${when}}`)).toHaveProperty('when', expected);
  });

  it.each(['a\u0000b', 'x'.repeat(256), '', true, {}, []])('treats a session id of %j as no id', (sessionId) => {
    expect(read({ sessionId, referenceId: 'r' })).toMatchObject({ sessionId: undefined, referenceId: 'r' });
  });
});
