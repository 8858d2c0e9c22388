import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IdentityProvider } from '../support/identity-provider.js';
import { TestGateway } from '../support/gateway.js';
import { CREATION, newInput } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { TestRouter } from '../support/router.js';
import { TestSandbox } from '../support/sandbox.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { BY_WEBHOOK_ONLY } from '../support/webhooks.js';
import { ApiKeys } from './api-keys.js';
import type { GatewayName } from './attack.js';
import { Browsers } from './browsers.js';
import { HiddenServer } from './hidden-server.js';
import { Attacker } from './attacker.js';
import type { Fixtures, Victim } from './attacker.js';
import { CHANGING_NAMES } from './changing-names.js';
import { RATES } from './definitions/rate-limits.js';
import { ROUTER_SECRET, SIGNATURE_SECRET, signed } from './definitions/router-secrets.js';
import { LIST_PAYMENTS } from './requests.js';
import type { GraphqlRequest } from './requests.js';

/** The scopes of the victim and of the client whose credentials attackers use. */
const SCOPES = 'payments:create payments:send payments:read payments:cancel';

const MANIFEST = fileURLToPath(new URL('../../client/persisted-operations.json', import.meta.url));
const PRELOAD = new URL('preload.mjs', import.meta.url).href;

/** Production settings, except that the gateway reaches Flinks and the identity provider on loopback without encryption. */
const AS_IN_PRODUCTION = {
  NODE_ENV: 'test',
  GRAPHQL_EXPLORER: 'false',
  LOG_LEVEL: 'info',
  NODE_OPTIONS: `--import ${PRELOAD}`,
  FLINKS_TOKEN_POLICY: 'reusable',
  CORS_ORIGINS: 'https://shop.example',
  CLIENT_URL_ORIGINS: 'https://shop.example',
  MAX_PAYMENT_AMOUNT: '10000.00',
  ...BY_WEBHOOK_ONLY,
} as const;

/** A gateway under attack. */
export interface Target {
  readonly attacker: Attacker;
  /** Sends a request that every client may send. */
  sendAllowedRequest(): Promise<string>;
}

/** All gateways and their fixtures, started once for all attacks. */
export class Targets {
  private constructor(
    private readonly started: ReadonlyMap<GatewayName, Target>,
    readonly fixtures: Fixtures,
    private readonly file: SqliteFile,
  ) {}

  static async start(): Promise<Targets> {
    const [sandbox, identity, router] = await Promise.all([
      new TestSandbox({ webhookUrl: '' }).start(),
      new IdentityProvider().start(),
      new TestRouter().start(),
    ]);
    const hidden = await HiddenServer.start('127.0.0.2', router.port);
    const file = await new SqliteFile().start();
    const keyStore = { FLINKS_BASE_URL: sandbox.url, DATABASE_URL: file.url };
    const keys = await ApiKeys.create(keyStore);
    const start = (environment: Record<string, string>) =>
      new TestGateway().start(sandbox.url, { ...AS_IN_PRODUCTION, ...environment });
    const tokens = await start({ ...identity.environment(), ...RATE_LIMITS, ...callbacksTo(router) });
    const victim = await makeVictim(tokens, identity);
    const fixtures = {
      sandbox,
      identityProvider: identity,
      router,
      hiddenServer: hidden,
      victim,
      apiKeys: keys,
      browsers: new Browsers(),
    };
    const mallory = await identity.bearer({ sub: 'mallory', scope: SCOPES }, { expiresIn: 7_200 });
    const target = (
      gateway: TestGateway,
      credentials: Record<string, string>,
      allowed: GraphqlRequest = { query: LIST_PAYMENTS },
    ): Target => {
      const attacker = new Attacker(gateway, credentials, fixtures);
      return { attacker, sendAllowedRequest: () => attacker.send(allowed) };
    };
    const started = new Map<GatewayName, Target>([
      ['tokens', target(tokens, { authorization: mallory })],
      ['keys', target(await start({ ...keyStore, AUTH_MODE: 'api-key' }), { authorization: `Bearer ${keys.valid}` })],
      ['open', target(await start({}), {})],
      [
        'router secret',
        target(await start({ ROUTER_SECRETS: ROUTER_SECRET }), { 'router-authorization': ROUTER_SECRET }),
      ],
      [
        'router signature',
        target(await start({ ROUTER_SIGNATURE_SECRETS: SIGNATURE_SECRET }), {}, signed({ query: LIST_PAYMENTS })),
      ],
      [
        'manifest',
        target(
          await start({ PERSISTED_OPERATIONS_MANIFEST: MANIFEST, PERSISTED_OPERATIONS_ONLY: 'true' }),
          {},
          listedOperation(),
        ),
      ],
    ]);
    return new Targets(started, fixtures, file);
  }

  of(name: GatewayName = 'tokens'): Target {
    const target = this.started.get(name);
    if (target === undefined) throw new Error(`no gateway is called ${name}`);
    return target;
  }

  get all(): readonly Target[] {
    return [...this.started.values()];
  }

  async stop(): Promise<void> {
    const { sandbox, identityProvider, router, hiddenServer, browsers } = this.fixtures;
    await Promise.all(this.all.map(({ attacker }) => attacker.gateway.kill()));
    await Promise.all([sandbox.stop(), identityProvider.stop(), router.stop(), hiddenServer.close(), browsers.close()]);
    await this.file.stop();
  }
}

/** An operation of the manifest, by its hash. */
function listedOperation(): GraphqlRequest {
  const { operations } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { operations: { id: string; name: string }[] };
  const sha256Hash = operations.find(({ name }) => name === 'PaymentSessions')?.id;
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

const RATE_LIMITS = {
  RATE_LIMIT_PAYMENTS_PER_CLIENT: `${RATES.payments}/1h`,
  RATE_LIMIT_EMAILS_PER_PAYER: `${RATES.emailsPerPayer}/1h`,
  RATE_LIMIT_AMOUNT_PER_PAYER: `${RATES.largestSendsPerPayer}0000.00/1d`,
};

function callbacksTo({ port, host }: TestRouter): Record<string, string> {
  const changing = [...Array(CHANGING_NAMES).keys()].map((index) => `changing-${index}`);
  const names = ['internal', 'both', ...changing].map((name) => `${name}.attacker.example:${port}`);
  return {
    SUBSCRIPTION_CALLBACK_HOSTS: [host, ...names].join(','),
    SUBSCRIPTION_CALLBACK_ALLOWED_CIDRS: '127.0.0.1/32',
  };
}

async function makeVictim(gateway: TestGateway, identity: IdentityProvider): Promise<Victim> {
  const authorization = await identity.bearer({ sub: 'shop', scope: SCOPES }, { expiresIn: 7_200 });
  const input = newInput();
  const headers = { authorization };
  const created = await gateway.post<{ result: { paymentSession: Payment } }>(
    { query: CREATION.query, variables: { input } },
    headers,
  );
  const payment = created.data?.result.paymentSession;
  if (payment === undefined) throw new Error(`the victim has no payment: ${JSON.stringify(created)}`);
  const listed = await gateway.post<{ paymentSessions: { pageInfo: { endCursor: string } } }>(
    { query: '{ paymentSessions { pageInfo { endCursor } } }' },
    headers,
  );
  const secrets = [payment.id, payment.flinksSessionId ?? '', input.customer.email];
  return {
    id: payment.id,
    cursor: listed.data?.paymentSessions.pageInfo.endCursor ?? '',
    input,
    authorization,
    secrets,
  };
}
