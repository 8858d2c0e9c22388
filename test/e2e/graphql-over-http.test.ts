import { describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { withGateway } from '../support/fixture.js';

const { gateway } = withGateway();

const auditsWith = (headers: Record<string, string>) =>
  serverAudits({
    url: () => `${gateway.url}/graphql`,
    fetchFn: (url: string, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } }),
  });

/** Audits that send a GET without a preflight, which any page can have a browser send. CSRF prevention rejects it. */
const REJECTED_WITHOUT_PREFLIGHT = ['5A70', 'D6D5', '6A70'];

const withPreflight = auditsWith({ 'apollo-require-preflight': 'true' });
const withoutPreflight = auditsWith({});

describe('the audit of GraphQL over HTTP', () => {
  it('has only the parts that were reviewed', () => {
    expect(withPreflight).toHaveLength(61);
    const rejected = withoutPreflight.filter(({ id }) => REJECTED_WITHOUT_PREFLIGHT.includes(id));
    expect(rejected.map(({ name }) => name.split(' ')[0])).toEqual(['MAY', 'MAY', 'MAY']);
  });

  it.each(withPreflight)('passes with a header that needs a preflight: $id $name', async ({ fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });

  it.each(withoutPreflight)(
    'passes without that header, except for requests that a page can forge: $id $name',
    async ({ id, fn }) => {
      const { status } = await fn();
      expect(status === 'ok').toBe(!REJECTED_WITHOUT_PREFLIGHT.includes(id));
    },
  );
});
