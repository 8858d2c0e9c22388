import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from './domain/money.js';
import { Sensitive } from './domain/sensitive.js';
import { upstreamProfileSchema } from './flinks/profile.js';

export type Config = Readonly<ReturnType<typeof read>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration that is not fit to start with; the message names every variable that has to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The gateway does not start with this environment:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * The one reader of the environment. Returns a frozen configuration or throws a `ConfigError` with all problems at once.
 * Anything but `NODE_ENV=development` or `test` is production, where what has no safe default is required.
 */
export function loadConfig(environment: Environment): Config {
  const problems: string[] = [];
  // An empty variable is an absent one: that is how compose files and CI systems write it.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const config = read(given, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function read(environment: Environment, problems: string[]) {
  const production = environment.NODE_ENV !== 'development' && environment.NODE_ENV !== 'test';

  /** One variable; on a problem it is noted, and what is returned is never used. */
  function variable<T>(name: string, schema: z.ZodType<T>, defaultText?: string): T {
    const text = environment[name] ?? defaultText;
    if (text === undefined) {
      problems.push(`${name} is missing`);
      return undefined as T;
    }
    const result = schema.safeParse(text);
    if (!result.success) problems.push(`${name} ${result.error.issues.map((issue) => issue.message).join('; ')}`);
    return result.data as T;
  }
  /** A default that holds outside production only. */
  const outsideProduction = (text: string): string | undefined => (production ? undefined : text);

  const host = variable('HOST', z.string(), '127.0.0.1');
  const authMode = variable('AUTH_MODE', z.literal('none', 'must be none: there is no other mode yet'), 'none');
  if (production) problems.push(`AUTH_MODE ${authMode} is refused in production (NODE_ENV is not development or test)`);
  if (!isLoopback(host)) problems.push(`AUTH_MODE ${authMode} is allowed on a loopback HOST only, such as 127.0.0.1`);

  const baseUrl = variable(
    'FLINKS_BASE_URL',
    httpUrl(production).refine(isOrigin, 'must have no path, query or fragment'),
  );
  return {
    production,
    host,
    port: variable('PORT', integer(0, 65_535), '4000'),
    logLevel: variable('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info'),
    mutationTimeoutMs: variable('MUTATION_TIMEOUT_MS', integer(1, 600_000), '25000'),
    maxAmountMinor: variable('MAX_AMOUNT', maxAmount, '10000.00'),
    flinks: {
      baseUrl,
      appUrl:
        environment.FLINKS_APP_URL === undefined ? `${baseUrl}/app/` : variable('FLINKS_APP_URL', httpUrl(production)),
      instance: variable('FLINKS_INSTANCE', headerText, outsideProduction('sandbox')),
      credentials: {
        username: new Sensitive(variable('FLINKS_USERNAME', z.string(), outsideProduction('sandbox'))),
        password: new Sensitive(variable('FLINKS_PASSWORD', z.string(), outsideProduction('sandbox-password'))),
      },
      timeoutMs: variable('FLINKS_TIMEOUT_MS', integer(1, 120_000), '10000'),
      profile: {
        ...variable('FLINKS_PROFILE', profile, ''),
        tokenPolicy: variable('FLINKS_TOKEN_POLICY', oneOf('auto', 'reusable', 'single-use'), 'auto'),
      },
    },
  };
}

const headerText = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters');

const maxAmount = z
  .string()
  .refine((text) => isPlainDecimal(text) && !hasTooManyDecimals(text), 'must be a decimal such as 10000.00')
  .transform((text) => (isPlainDecimal(text) ? minorUnits(text) : NaN))
  .refine(
    (amountMinor) => amountMinor > 0 && Number.isSafeInteger(amountMinor),
    'must be above zero, of 13 digits at most',
  );

/** `name=value` pairs, comma-separated: the upstream profile but for the token policy, which has a variable of its own. */
const profile = z
  .string()
  .transform(
    (text) =>
      Object.fromEntries(
        text
          .split(',')
          .filter(Boolean)
          .map((pair) => pair.split('=').map((part) => part.trim())),
      ) as unknown,
  )
  .pipe(upstreamProfileSchema.omit({ tokenPolicy: true }));

function integer(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

function oneOf<const T extends string>(...values: T[]) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** An absolute URL without credentials, given back without a slash at the end of a bare host. Credentials travel over it. */
function httpUrl(httpsOnly: boolean) {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'must be an absolute http or https URL',
    )
    .refine(
      (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '',
      'must hold no credentials',
    )
    .refine((text) => !httpsOnly || !text.startsWith('http:'), 'must be https in production')
    .transform((text) => text.replace(/^(https?:\/\/[^/]+)\/$/i, '$1'));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text.toLowerCase();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
