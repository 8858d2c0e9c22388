import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import { FAULTS } from '../support/faults.js';
import { withGateway } from '../support/fixture.js';

const USERNAME = 'user-of-the-log-test';
const PASSWORD = 'pass:wörd"of the log test';

const { sandbox, gateway } = withGateway({
  switches: { username: USERNAME, password: PASSWORD, sendRequestNeedsActivation: true },
  environment: {
    FLINKS_USERNAME: USERNAME,
    FLINKS_PASSWORD: PASSWORD,
    FLINKS_TOKEN_POLICY: 'auto',
    FLINKS_TIMEOUT: '200ms',
    MUTATION_TIMEOUT: '1500ms',
    FLINKS_API_VARIANT: 'sendRequestNeedsActivation=true',
  },
});

/** Runs payments with every fault of every endpoint, each with a unique name. Returns the names and e-mail addresses. */
async function runPayments(): Promise<string[]> {
  const used: string[] = [];
  let count = 0;
  for (const endpoint of ['authorize', 'initiate', 'sendrequest', 'activate'] as const) {
    for (const [, fault] of FAULTS) {
      await sandbox.addFault({ endpoint, ...fault });
      const lastName = `Marker${count++}x`;
      const customer = { userId: 'u', name: `Zoë ${lastName}`, email: `${lastName}@example.com` };
      used.push(lastName, customer.email);
      const payment = { customer, amount: { value: '1.00' } };
      await gateway.run(CreatePaymentSessionDocument, { input: { ...payment, idempotencyKey: randomUUID() } });
      await gateway.run(SendPaymentRequestDocument, { input: { ...payment, idempotencyKey: randomUUID() } });
    }
  }
  return used;
}

describe('the log of the gateway', () => {
  it('contains no name, e-mail address, token, password or session id', async () => {
    const used = await runPayments();
    const sessions = await sandbox.sessions();
    const outbox = await sandbox.outbox();
    await gateway.get(`/graphql?query={__typename}&variables={"secret":"marker-in-url"}`);
    await gateway.get('/marker-in-path');
    await gateway.stop();
    expect(sessions.length).toBeGreaterThan(50);
    expect(outbox.length).toBeGreaterThan(20);
    const tokens = await sandbox.tokens();
    expect(tokens.length).toBeGreaterThan(1);

    const log = gateway.output.toLowerCase();
    expect(log).toContain('payment call completed');
    const secrets = [
      ...used,
      ...sessions.map(({ sessionId }) => sessionId),
      ...tokens,
      USERNAME,
      PASSWORD,
      'pass:w',
      Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64'),
      'tremblay',
      'marker-in-url',
      'marker-in-path',
    ];
    expect(secrets.filter((secret) => log.includes(secret.toLowerCase()))).toEqual([]);
  });
});
