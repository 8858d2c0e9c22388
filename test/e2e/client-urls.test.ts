import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';

const { sandbox, gateway } = withGateway({
  environment: { CLIENT_URL_ORIGINS: 'https://shop.example, https://other.example:8443' },
});

const payment = (clientUrls: readonly string[]) => ({
  customer: { userId: 'u', name: 'Alex Tremblay', email: 'alex@example.com' },
  amount: { value: '1.00' },
  clientUrls,
});

const MIXED = [
  'https://SHOP.example/pay',
  'https://evil.example/',
  'https://other.example:8443/',
  'http://x.example',
  'ftp://x',
];
const message = 'Use a URL of an origin that this gateway allows. Its operators configure the list.';

describe('client URLs of origins that are not allowed', () => {
  it('are reported one by one, together with all other issues', async () => {
    const query = `query ($customer: PaymentCustomerInput!, $amount: PaymentAmountInput!, $clientUrls: [String!]) {
      validatePayment(input: {customer: $customer, amount: $amount, clientUrls: $clientUrls}) { path code message } }`;
    const { data } = await gateway.post({ query, variables: payment(MIXED) });
    expect(new Set(data?.validatePayment as object[])).toEqual(
      new Set([
        { path: ['input', 'clientUrls', '1'], code: 'URL_NOT_ALLOWED', message },
        { path: ['input', 'clientUrls', '3'], code: 'URL_NOT_ALLOWED', message },
        { path: ['input', 'clientUrls', '3'], code: 'URL_NOT_ALLOWED', message: 'Use https.' },
        expect.objectContaining({ path: ['input', 'clientUrls', '4'], code: 'INVALID_URL' }),
      ]),
    );
  });

  it.each(['createPaymentSession', 'sendPaymentRequest'])('are rejected by %s before it calls Flinks', async (name) => {
    const type = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ... on InvalidPaymentInputError { issues { path code } } } }`;
    const input = { ...payment(MIXED.slice(0, 2)), idempotencyKey: name };
    const { data } = await gateway.post({ query, variables: { input } });
    expect(data?.[name]).toEqual({ issues: [{ path: ['input', 'clientUrls', '1'], code: 'URL_NOT_ALLOWED' }] });
    expect(await sandbox.calls('authorize')).toBe(0);
  });
});
