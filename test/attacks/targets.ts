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
import { CHANGING_NAMES } from './names.js';
import { RATES } from './rates.js';
import { LIST } from './requests.js';
import type { GraphqlRequest } from './requests.js';
import { ROUTER_SECRET, SIGNATURE_SECRET, signed } from './router.js';
import { World } from './world.js';
import type { Surroundings, Victim } from './world.js';

/** What a caller may do who has nothing to do with the victim. */
const SCOPES = 'payments:create payments:send payments:read payments:cancel';

const LISTED = fileURLToPath(new URL('../../client/persisted-operations.json', import.meta.url));
const INSPECT = new URL('preload.mjs', import.meta.url).href;

/**
 * As in production, but that Flinks and the keys of callers are reached on loopback and without encryption, which production refuses.
 */
const AS_IN_PRODUCTION = {
  NODE_ENV: 'test',
  GRAPHQL_EXPLORER: 'false',
  LOG_LEVEL: 'info',
  NODE_OPTIONS: `--import ${INSPECT}`,
  FLINKS_TOKEN_POLICY: 'reusable',
  CORS_ORIGINS: 'https://shop.example',
  CLIENT_URL_ORIGINS: 'https://shop.example',
  MAX_PAYMENT_AMOUNT: '10000.00',
  ...BY_WEBHOOK_ONLY,
} as const;

/** A gateway under attack, and what lets a caller in that it knows. */
export interface Target {
  readonly world: World;
  /** Asks something that every caller may ask. */
  isServing(): Promise<string>;
}

/** All gateways and what they need, started once for all attacks. */
export class Targets {
  private constructor(
    private readonly started: ReadonlyMap<GatewayName, Target>,
    readonly around: Surroundings,
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
    const keys = await ApiKeys.make(keyStore);
    const start = (environment: Record<string, string>) =>
      new TestGateway().start(sandbox.url, { ...AS_IN_PRODUCTION, ...environment });
    const tokens = await start({ ...identity.environment(), ...LIMITED, ...callbacksTo(router) });
    const victim = await makeVictim(tokens, identity);
    const around = { sandbox, identity, router, hidden, victim, keys, browsers: new Browsers() };
    const mallory = await identity.bearer({ sub: 'mallory', scope: SCOPES }, { expiresIn: 7_200 });
    const target = (
      gateway: TestGateway,
      known: Record<string, string>,
      served: GraphqlRequest = { query: LIST },
    ): Target => {
      const world = new World(gateway, () => known, around);
      return { world, isServing: () => world.ask(served) };
    };
    const started = new Map<GatewayName, Target>([
      ['tokens', target(tokens, { authorization: mallory })],
      ['keys', target(await start({ ...keyStore, AUTH_MODE: 'api-key' }), { authorization: `Bearer ${keys.good}` })],
      ['open', target(await start({}), {})],
      [
        'router secret',
        target(await start({ ROUTER_SECRETS: ROUTER_SECRET }), { 'router-authorization': ROUTER_SECRET }),
      ],
      [
        'router signature',
        target(await start({ ROUTER_SIGNATURE_SECRETS: SIGNATURE_SECRET }), {}, signed({ query: LIST })),
      ],
      [
        'manifest',
        target(await start({ PERSISTED_OPERATIONS_MANIFEST: LISTED, PERSISTED_OPERATIONS_ONLY: 'true' }), {}, listed()),
      ],
    ]);
    return new Targets(started, around, file);
  }

  of(name: GatewayName = 'tokens'): Target {
    const target = this.started.get(name);
    if (target === undefined) throw new Error(`there is no gateway ${name}`);
    return target;
  }

  get all(): readonly Target[] {
    return [...this.started.values()];
  }

  async stop(): Promise<void> {
    const { sandbox, identity, router, hidden, browsers } = this.around;
    await Promise.all(this.all.map(({ world }) => world.gateway.kill()));
    await Promise.all([sandbox.stop(), identity.stop(), router.stop(), hidden.close(), browsers.close()]);
    await this.file.stop();
  }
}

/** An operation of the manifest, by its hash. */
function listed(): GraphqlRequest {
  const { operations } = JSON.parse(readFileSync(LISTED, 'utf8')) as { operations: { id: string; name: string }[] };
  const sha256Hash = operations.find(({ name }) => name === 'PaymentSessions')?.id;
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

const LIMITED = {
  RATE_LIMIT_PAYMENTS_PER_CLIENT: `${RATES.payments}/1h`,
  RATE_LIMIT_EMAILS_PER_PAYER: `${RATES.emailsPerPayer}/1h`,
  RATE_LIMIT_AMOUNT_PER_PAYER: `${RATES.sendsOfMostToPayer}0000.00/1d`,
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
  const created = await gateway.post<{ answer: { paymentSession: Payment } }>(
    { query: CREATION.query, variables: { input } },
    headers,
  );
  const payment = created.data?.answer.paymentSession;
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
