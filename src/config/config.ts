import { z } from 'zod';
import { databaseUrl } from './database-url.js';
import * as secrets from './secrets.js';
import * as values from './values.js';
import { Sensitive } from '../domain/sensitive.js';
import { formatDuration } from '../lib/duration.js';

/** The configuration of the gateway, validated and frozen. */
export type Config = Readonly<ReturnType<typeof read>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment does not allow the gateway to start; the message names every variable that has to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The gateway cannot start with this environment:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the environment; nothing else does. Throws a `ConfigError` with all problems at once. Anything but
 * `NODE_ENV=development` or `test` is production: there, settings without a safe default are required, and published
 * secrets and storage in memory are rejected.
 */
export function loadConfig(environment: Environment): Config {
  const problems: string[] = [];
  // Compose files and CI systems write an absent variable as an empty one.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const config = read(given, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(config);
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}

function read(environment: Environment, problems: string[]) {
  const production = environment.NODE_ENV !== 'development' && environment.NODE_ENV !== 'test';

  /** Reads one variable. A problem is recorded, in which case the result is never used. */
  function variable<T>(name: string, schema: z.ZodType<T>, defaultText?: string): T {
    const text = environment[name] ?? defaultText;
    if (text === undefined) {
      problems.push(`${name} is missing`);
      return undefined as T;
    }
    const result = schema.safeParse(text);
    if (!result.success) problems.push(`${name} ${result.error.issues.map(explain).join('; ')}`);
    return result.data as T;
  }
  /** A default that applies outside of production only. */
  const outsideProduction = (text: string): string | undefined => (production ? undefined : text);

  const mutationTimeoutMs = variable('MUTATION_TIMEOUT', values.duration('1ms', '10m'), '25s');
  const idempotencyLeaseMs = variable('IDEMPOTENCY_LEASE', values.duration('1ms', '1h'), '30s');
  // A lease that expired before its owner gave up would be taken for that of a crashed process.
  if (idempotencyLeaseMs <= mutationTimeoutMs)
    problems.push(`IDEMPOTENCY_LEASE must be above MUTATION_TIMEOUT (${formatDuration(mutationTimeoutMs)})`);
  const host = variable('HOST', z.string(), '127.0.0.1');
  const hasStudio = environment.APOLLO_KEY !== undefined || environment.APOLLO_GRAPH_REF !== undefined;
  const authMode = variable('AUTH_MODE', values.authMode(production, host), 'none');
  const maxAmountMinor = variable('MAX_PAYMENT_AMOUNT', values.amountMinor, '10000.00');
  const amountPerPayer = variable('RATE_LIMIT_AMOUNT_PER_PAYER', values.amountLimit, '20000.00/1d');
  if (amountPerPayer !== undefined && amountPerPayer.limit < maxAmountMinor)
    problems.push(
      'RATE_LIMIT_AMOUNT_PER_PAYER must not be below MAX_PAYMENT_AMOUNT: a payment of that amount could never be sent',
    );
  const baseUrl = variable('FLINKS_BASE_URL', values.origin(production));
  const appUrl = environment.FLINKS_APP_URL === undefined ? `${baseUrl}/app/` : undefined;
  const persistedOperations = variable('PERSISTED_OPERATIONS_MANIFEST', z.string(), '');
  const persistedOperationsOnly = variable('PERSISTED_OPERATIONS_ONLY', values.flag, 'false');
  if (persistedOperationsOnly && persistedOperations === '')
    problems.push(
      'PERSISTED_OPERATIONS_ONLY=true requires PERSISTED_OPERATIONS_MANIFEST: every request would be rejected',
    );
  const sharedSecrets = secrets.sharedSecrets(production);
  const webhookSecrets = variable('FLINKS_WEBHOOK_SECRETS', sharedSecrets, '');
  const routerSecrets = variable('ROUTER_SECRETS', sharedSecrets, '');
  const routerSignatureSecrets = variable('ROUTER_SIGNATURE_SECRETS', sharedSecrets, '');
  const dataKeys = variable(
    'DATA_ENCRYPTION_KEYS',
    secrets.dataKeys(production),
    outsideProduction(secrets.DEVELOPMENT_KEY),
  );
  if (production)
    problems.push(
      ...secrets.commonSecretProblems({
        DATA_ENCRYPTION_KEYS: secrets.textsOf(dataKeys),
        FLINKS_WEBHOOK_SECRETS: webhookSecrets,
        ROUTER_SECRETS: routerSecrets,
        ROUTER_SIGNATURE_SECRETS: routerSignatureSecrets,
      }),
    );
  return {
    production,
    host,
    port: variable('PORT', values.integer(0, 65_535), '4000'),
    /** How clients are authenticated. */
    authentication:
      authMode === 'jwt'
        ? {
            mode: authMode,
            jwksUrl: variable('AUTH_JWKS_URL', values.httpUrl(production)),
            issuer: variable('AUTH_ISSUER', values.headerText),
            audience: variable('AUTH_AUDIENCE', values.headerText),
            algorithms: variable('AUTH_ALGORITHMS', values.signatureAlgorithms, 'RS256,PS256,ES256,EdDSA'),
            clockToleranceMs: variable('AUTH_CLOCK_TOLERANCE', values.duration('0s', '5m'), '5s'),
            clientIdClaim: variable('AUTH_CLIENT_ID_CLAIM', values.claimName, 'sub'),
            scopesClaim: variable('AUTH_SCOPES_CLAIM', values.claimName, 'scope'),
          }
        : { mode: authMode },
    /** A request with one of these came through the router; others are rejected. */
    routerSecrets,
    routerSignatureSecrets,
    paymentLimits: {
      /** Payments per client, by link or e-mail. */
      paymentsPerClient: variable('RATE_LIMIT_PAYMENTS_PER_CLIENT', values.countLimit, '600/1m'),
      /** E-mails per client and payer. */
      emailsPerPayer: variable('RATE_LIMIT_EMAILS_PER_PAYER', values.countLimit, '5/1h'),
      /** Total amount in minor units per client and payer, by e-mail. */
      amountPerPayer,
      /** How long another payment with the same payer, amount and reference is rejected; undefined: it never is. */
      duplicateWindowMs: variable('DUPLICATE_DETECTION_WINDOW', values.optionalPeriod, 'off'),
    },
    corsOrigins: variable('CORS_ORIGINS', values.origins, ''),
    persistedOperations,
    persistedOperationsOnly,
    logLevel: variable('LOG_LEVEL', values.oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info'),
    /** Whether the SDL for routers has `@authenticated` and `@requiresScopes`. */
    authorizationDirectives: variable('SUBGRAPH_AUTHORIZATION_DIRECTIVES', values.flag, 'false'),
    /** Pages for people, and introspection. */
    explorer: variable('GRAPHQL_EXPLORER', values.flag, String(!production)),
    /** The graph in Apollo Studio to which usage is reported. */
    studio: hasStudio
      ? {
          key: new Sensitive(variable('APOLLO_KEY', values.headerText)),
          graphRef: variable('APOLLO_GRAPH_REF', values.graphRef),
        }
      : undefined,
    mutationTimeoutMs,
    /** Maximum number of lookups per second that a replica makes on its own schedule. */
    statusPollsPerSecond: variable('STATUS_POLLS_PER_SECOND_PER_REPLICA', values.integer(1, 100), '20'),
    statusStaleAfterMs: variable('STATUS_STALE_AFTER', values.duration('1ms', '1d'), '30s'),
    maxAmountMinor,
    /** Origins that may embed the payment page; any when empty. */
    clientUrlOrigins: variable('CLIENT_URL_ORIGINS', values.origins, ''),
    databaseUrl: new Sensitive(
      variable('DATABASE_URL', databaseUrl(production), outsideProduction('sqlite:./data/payments.db')),
    ),
    dataKeys,
    idempotencyLeaseMs,
    idempotencyRetentionMs: variable('IDEMPOTENCY_RETENTION', values.duration('1d', '3650d'), '90d'),
    personalDataRetentionMs: variable('PERSONAL_DATA_RETENTION', values.duration('0d', '36500d'), '90d'),
    webhookSecrets,
    callbackHosts: variable('SUBSCRIPTION_CALLBACK_HOSTS', values.hosts, ''),
    /** Networks that callbacks may go to in addition to public addresses. */
    callbackNetworks: variable('SUBSCRIPTION_CALLBACK_ALLOWED_CIDRS', values.networks, ''),
    unknownExpiresAfterMs: variable('OUTCOME_UNKNOWN_EXPIRES_AFTER', values.duration('1d', '3650d'), '30d'),
    reconciliationTimeZone: variable('RECONCILIATION_TIME_ZONE', values.timeZone, 'America/Toronto'),
    reconciliationColumns: variable('RECONCILIATION_COLUMNS', values.columns, ''),
    flinks: {
      baseUrl,
      appUrl: appUrl ?? variable('FLINKS_APP_URL', values.httpUrl(production)),
      instance: variable('FLINKS_INSTANCE', values.headerText, outsideProduction('sandbox')),
      credentials: {
        username: new Sensitive(variable('FLINKS_USERNAME', values.username, outsideProduction('sandbox'))),
        password: new Sensitive(
          variable('FLINKS_PASSWORD', secrets.password(production), outsideProduction('sandbox-password')),
        ),
      },
      timeoutMs: variable('FLINKS_TIMEOUT', values.duration('1ms', '2m'), '10s'),
      variant: {
        ...variable('FLINKS_API_VARIANT', values.apiVariant, ''),
        tokenPolicy: variable('FLINKS_TOKEN_POLICY', values.oneOf('auto', 'reusable', 'single-use'), 'auto'),
      },
    },
  };
}

function explain(issue: z.core.$ZodIssue): string {
  return [issue.path.join('.'), issue.message].filter(Boolean).join(': ');
}
