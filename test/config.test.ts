import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../src/config/config.js';
import { PRODUCTION, problemsOf } from './support/production.js';

const BASE = { NODE_ENV: 'test', FLINKS_BASE_URL: 'http://127.0.0.1:4010' };

const TOKENS = {
  AUTH_MODE: 'jwt',
  AUTH_JWKS_URL: 'https://identity.example/jwks.json',
  AUTH_ISSUER: 'https://identity.example/',
  AUTH_AUDIENCE: 'payments',
};

/** The variables that the error names. */
function namedIn(environment: Record<string, string>): string[] {
  return problemsOf(environment).map((problem) => /^\w+/.exec(problem)?.[0] ?? '');
}

describe('the configuration', () => {
  it('has defaults for everything but the base URL', () => {
    expect(loadConfig(BASE)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      maxAmountMinor: 1_000_000,
      mutationTimeoutMs: 25_000,
      flinks: {
        appUrl: 'http://127.0.0.1:4010/app/',
        instance: 'sandbox',
        timeoutMs: 10_000,
        variant: { tokenPolicy: 'auto', amountEncoding: 'number', sendRequestNeedsActivation: false },
      },
    });
  });

  it('reads the webhook secrets, newest first', () => {
    const secretsIn = (text: string) =>
      loadConfig({ ...BASE, FLINKS_WEBHOOK_SECRETS: text }).webhookSecrets.map((secret) => secret.reveal());
    expect(secretsIn('')).toEqual([]);
    expect(secretsIn('the newer secret of the two, the older secret of the two')).toEqual([
      'the newer secret of the two',
      'the older secret of the two',
    ]);
  });

  it.each([
    ['development', undefined, true],
    ['development', 'false', false],
    ['test', 'true', true],
  ])('decides in %s with GRAPHQL_EXPLORER=%s whether there is an explorer: %s', (mode, text, explorer) => {
    expect(loadConfig({ ...BASE, NODE_ENV: mode, GRAPHQL_EXPLORER: text }).explorer).toBe(explorer);
  });

  it('reads the Apollo graph, and its key as a secret', () => {
    const studio = { APOLLO_KEY: 'service:payments:secret-marker', APOLLO_GRAPH_REF: 'payments@current' };
    const config = loadConfig({ ...BASE, ...studio });
    expect(config.studio?.graphRef).toBe('payments@current');
    expect(config.studio?.key.reveal()).toBe(studio.APOLLO_KEY);
    expect(JSON.stringify(config)).not.toContain('secret-marker');
    expect(loadConfig({ ...BASE, APOLLO_KEY: '', APOLLO_GRAPH_REF: '' }).studio).toBeUndefined();
  });

  it.each([
    ['APOLLO_KEY', 'service:payments:key', 'APOLLO_GRAPH_REF'],
    ['APOLLO_GRAPH_REF', 'payments@current', 'APOLLO_KEY'],
  ])('rejects %s without its counterpart', (name, value, missing) => {
    expect(namedIn({ ...BASE, [name]: value })).toEqual([missing]);
  });

  it('reads CORS origins in the form that browsers send', () => {
    const originsIn = (text: string) => loadConfig({ ...BASE, CORS_ORIGINS: text }).corsOrigins;
    expect(originsIn('')).toEqual([]);
    expect(originsIn('https://Shop.example/, http://localhost:3000,https://x.example:443')).toEqual([
      'https://shop.example',
      'http://localhost:3000',
      'https://x.example',
    ]);
  });

  it('treats an empty variable as absent', () => {
    expect(loadConfig({ ...BASE, PORT: '', FLINKS_API_VARIANT: '' }).port).toBe(4000);
  });

  it('is immutable and does not disclose its secrets in JSON', () => {
    const config = loadConfig({ ...BASE, FLINKS_PASSWORD: 'secret-marker' });
    expect(Object.isFrozen(config.flinks.variant)).toBe(true);
    expect(JSON.stringify(config)).not.toContain('secret-marker');
  });

  it.each([
    ['https://Payments-UAT.flinksapp.com/', 'https://payments-uat.flinksapp.com'],
    ['https://x.example:443', 'https://x.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('reads %s as the origin %s', (text, origin) => {
    expect(loadConfig({ ...BASE, FLINKS_BASE_URL: text }).flinks.baseUrl).toBe(origin);
  });

  it('reads the mapping of daily file columns', () => {
    const columns = 'amount=Txn Amt (CAD), requestId=Ref = Id,createdAt=';
    expect(loadConfig({ ...BASE, RECONCILIATION_COLUMNS: columns }).reconciliationColumns).toEqual({
      amount: 'Txn Amt (CAD)',
      requestId: 'Ref = Id',
      createdAt: '',
    });
  });

  it('reads the callback hosts in the form that URLs have', () => {
    const hostsIn = (text: string) => loadConfig({ ...BASE, SUBSCRIPTION_CALLBACK_HOSTS: text }).callbackHosts;
    expect(hostsIn('')).toEqual([]);
    expect(hostsIn('Router.Example, bücher.example:4000,127.0.0.1:80,[::1]:4000, http://router.internal:4000')).toEqual(
      [
        { hostname: 'router.example', port: undefined, unencrypted: false },
        { hostname: 'xn--bcher-kva.example', port: 4000, unencrypted: false },
        { hostname: '127.0.0.1', port: 80, unencrypted: false },
        { hostname: '[::1]', port: 4000, unencrypted: false },
        { hostname: 'router.internal', port: 4000, unencrypted: true },
      ],
    );
  });

  it('reads the API variant', () => {
    const { variant } = loadConfig({
      ...BASE,
      FLINKS_API_VARIANT: 'sendRequestNeedsActivation=true, clientUrlsField=clientURIs',
      FLINKS_TOKEN_POLICY: 'single-use',
    }).flinks;
    expect(variant).toMatchObject({
      sendRequestNeedsActivation: true,
      clientUrlsField: 'clientURIs',
      tokenPolicy: 'single-use',
    });
  });

  it('reads the settings for authentication by token', () => {
    const { authentication } = loadConfig({ ...BASE, ...TOKENS, HOST: '0.0.0.0' });
    expect(authentication).toEqual({
      mode: 'jwt',
      jwksUrl: 'https://identity.example/jwks.json',
      issuer: 'https://identity.example/',
      audience: 'payments',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      clockToleranceMs: 5_000,
      clientIdClaim: 'sub',
      scopesClaim: 'scope',
    });
  });

  it.each(['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'])('rejects AUTH_MODE=jwt without %s', (name) => {
    expect(namedIn({ ...BASE, ...TOKENS, [name]: '' })).toEqual([name]);
  });

  it.each([
    ['AUTH_ALGORITHMS', 'none'],
    ['AUTH_ALGORITHMS', 'RS256,HS256'],
    ['AUTH_ALGORITHMS', 'RS256,'],
    ['AUTH_JWKS_URL', 'identity.example/jwks.json'],
    ['AUTH_JWKS_URL', 'file:///etc/jwks.json'],
    ['AUTH_CLOCK_TOLERANCE', '300001ms'],
    ['AUTH_CLIENT_ID_CLAIM', 'two parts'],
  ])('rejects %s=%s with AUTH_MODE=jwt', (name, value) => {
    expect(namedIn({ ...BASE, ...TOKENS, [name]: value })).toEqual([name]);
  });

  it('rejects an unencrypted JWKS URL in production', () => {
    const unencrypted = { ...TOKENS, AUTH_JWKS_URL: 'http://identity.example/jwks.json' };
    expect(namedIn({ ...BASE, ...unencrypted })).toEqual([]);
    expect(namedIn({ ...BASE, ...unencrypted, NODE_ENV: 'production' })).toContain('AUTH_JWKS_URL');
  });

  it('requires authentication in production', () => {
    // Production is the default.
    const given = { ...PRODUCTION, ...TOKENS, NODE_ENV: '' };
    expect(loadConfig(given).production).toBe(true);
    expect(loadConfig({ ...given, AUTH_MODE: 'api-key' }).authentication).toEqual({ mode: 'api-key' });
    expect(namedIn({ ...given, AUTH_MODE: 'none' })).toEqual(['AUTH_MODE']);
  });

  it.each<[string, string]>([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4e3'],
    ['HOST', '0.0.0.0'],
    ['HOST', '127.999.1.1'],
    ['HOST', '127.0.0.1.example'],
    ['AUTH_MODE', 'basic'],
    ['ROUTER_SECRETS', 'fifteen letters'],
    ['ROUTER_SIGNATURE_SECRETS', 'fifteen letters'],
    ['LOG_LEVEL', 'verbose'],
    ['FLINKS_BASE_URL', 'payments.example'],
    ['FLINKS_BASE_URL', 'ftp://payments.example'],
    ['FLINKS_BASE_URL', 'https://payments.example/api'],
    ['FLINKS_BASE_URL', 'https://payments.example/?'],
    ['FLINKS_BASE_URL', 'https://me:pass@payments.example'],
    ['FLINKS_APP_URL', '/app/'],
    ['FLINKS_INSTANCE', 'two parts'],
    ['FLINKS_USERNAME', 'a:b'],
    ['FLINKS_TOKEN_POLICY', 'twice'],
    ['FLINKS_TIMEOUT', '0s'],
    ['FLINKS_TIMEOUT', '10000'],
    ['FLINKS_TIMEOUT', '121s'],
    ['MUTATION_TIMEOUT', '1.5s'],
    ['STATUS_STALE_AFTER', '30 s'],
    ['IDEMPOTENCY_RETENTION', '23h'],
    ['MAX_PAYMENT_AMOUNT', '0.00'],
    ['MAX_PAYMENT_AMOUNT', '1.001'],
    ['MAX_PAYMENT_AMOUNT', '99999999999999.00'],
    ['GRAPHQL_EXPLORER', 'yes'],
    ['FLINKS_API_VARIANT', 'credentials'],
    ['FLINKS_API_VARIANT', 'credentials='],
    ['FLINKS_API_VARIANT', 'credentials=form=x'],
    ['FLINKS_API_VARIANT', 'credentials=form,credentials=basic'],
    ['FLINKS_API_VARIANT', 'tokenPolicy=reusable'],
    ['FLINKS_API_VARIANT', 'sendRequestNeedsActivation=yes'],
    ['FLINKS_API_VARIANT', '__proto__=x'],
    ['FLINKS_API_VARIANT', 'dailyFileContains=some'],
    ['RECONCILIATION_TIME_ZONE', 'Toronto'],
    ['RECONCILIATION_COLUMNS', 'amount'],
    ['RECONCILIATION_COLUMNS', 'total=Amount'],
    ['RECONCILIATION_COLUMNS', 'amount=A,amount=B'],
    ['RECONCILIATION_COLUMNS', '__proto__=x'],
    ['OUTCOME_UNKNOWN_EXPIRES_AFTER', '0d'],
    ['FLINKS_API_VARIANT', 'webhooks=trusted'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'shop.example'],
    ['CORS_ORIGINS', 'https://*.shop.example'],
    ['CORS_ORIGINS', 'https://shop.example/pay'],
    ['CORS_ORIGINS', 'https://shop.example,'],
    ['CORS_ORIGINS', 'https://me:pass@shop.example'],
    ['PERSISTED_OPERATIONS_ONLY', 'yes'],
    ['PERSISTED_OPERATIONS_ONLY', 'true'],
    ['FLINKS_WEBHOOK_SECRETS', 'fifteen letters'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'https://router.example'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'router.example/callback'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'router.example:port'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'router.example:65536'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'router.example,'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', 'me@router.example'],
    ['SUBSCRIPTION_CALLBACK_HOSTS', '*.example'],
    ['FLINKS_WEBHOOK_SECRETS', 'a secret that is long enough,'],
    ['FLINKS_WEBHOOK_SECRETS', 'a secret that is long enough, ,another secret that is too'],
  ])('rejects %s=%s', (name, value) => {
    const variable = name === 'HOST' ? 'AUTH_MODE' : name;
    expect(namedIn({ ...BASE, [name]: value })).toEqual([variable]);
  });

  it.each([
    'RATE_LIMIT_PAYMENTS_PER_CLIENT',
    'RATE_LIMIT_EMAILS_PER_PAYER',
    'RATE_LIMIT_AMOUNT_PER_PAYER',
    'DUPLICATE_DETECTION_WINDOW',
  ])('describes the permitted values of %s in the error', (name) =>
    expect(() => loadConfig({ ...BASE, [name]: 'on' })).toThrow(/must be off, or .+ up to 30d such as \d/),
  );

  it.each(['HTTP://payments.example', ' http://payments.example', 'http://127.0.0.1:4010'])(
    'rejects the Flinks URL %p in production',
    (url) => {
      expect(namedIn({ FLINKS_BASE_URL: url, FLINKS_APP_URL: url })).toEqual(
        expect.arrayContaining(['FLINKS_BASE_URL', 'FLINKS_APP_URL', 'AUTH_MODE']),
      );
    },
  );

  it.each([
    ['a key with a space', 'payments@current', 'APOLLO_KEY'],
    ['service:payments:key', 'payments', 'APOLLO_GRAPH_REF'],
    ['service:payments:key', '@current', 'APOLLO_GRAPH_REF'],
  ])('rejects APOLLO_KEY=%s with APOLLO_GRAPH_REF=%s', (key, graphRef, variable) => {
    expect(namedIn({ ...BASE, APOLLO_KEY: key, APOLLO_GRAPH_REF: graphRef })).toEqual([variable]);
  });

  it('repeats no value in its errors', () => {
    const marked = { FLINKS_BASE_URL: 'https://marker:marker@x', FLINKS_API_VARIANT: 'marker=marker', PORT: 'marker' };
    const secrets = { FLINKS_WEBHOOK_SECRETS: 'marker' };
    expect(() => loadConfig({ ...BASE, ...marked, ...secrets, FLINKS_USERNAME: 'marker:' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('marker') }),
    );
  });
});
