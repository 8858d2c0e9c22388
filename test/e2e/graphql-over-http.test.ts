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

/** What CSRF prevention is there to refuse: a GET that any page could have a browser send. */
const REFUSED_WITHOUT_PREFLIGHT = ['5A70', 'D6D5', '6A70'];

const withPreflight = auditsWith({ 'apollo-require-preflight': 'true' });
const withoutPreflight = auditsWith({});

describe('the audit of GraphQL over HTTP', () => {
  it('has as many parts as were looked at', () => {
    expect(withPreflight).toHaveLength(61);
    const refused = withoutPreflight.filter(({ id }) => REFUSED_WITHOUT_PREFLIGHT.includes(id));
    expect(refused.map(({ name }) => name.split(' ')[0])).toEqual(['MAY', 'MAY', 'MAY']);
  });

  it.each(withPreflight)('passes with a header that needs a preflight: $id $name', async ({ fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });

  it.each(withoutPreflight)('passes without, but for what could be forged: $id $name', async ({ id, fn }) => {
    const { status } = await fn();
    expect(status === 'ok').toBe(!REFUSED_WITHOUT_PREFLIGHT.includes(id));
  });
});
