import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../domain/money.js';
import type { RateLimit } from '../domain/rate-limits.js';
import { apiVariantSchema } from '../flinks/api-variant.js';
import { parseDuration } from '../lib/duration.js';
import { isLoopback } from '../lib/loopback.js';
import { REPORT_FIELDS, isReportField } from '../reconciliation/file/columns.js';
import type { ColumnMapping } from '../reconciliation/file/columns.js';

// Readers for each kind of variable. A message completes a sentence that starts with the variable's name, and never
// repeats the value: some variables are secrets.

/** Reads a comma-separated list; empty for empty text. */
export const list = z.string().transform((text) => (text === '' ? [] : text.split(',').map((item) => item.trim())));

/** Reads a comma-separated list whose items all pass a test; `form` describes them. */
export function listOf(form: string, test: (item: string) => boolean) {
  const message = `must be a comma-separated list of ${form}`;
  return list.refine((items) => items.every(test), { message, abort: true });
}

/** A check that rejects a value with the message that `problemOf` returns, unless that is undefined. */
export function rejecting<T>(problemOf: (value: T) => string | undefined) {
  return (value: T, context: z.RefinementCtx): void => {
    const message = problemOf(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
}

/** Reads a whole number between two bounds, both included. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, { message, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** Reads one of several values. */
export function oneOf<const T extends string>(...values: T[]) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** Reads how clients are authenticated; `none` is only for a gateway that nobody but the local machine can reach. */
export function authMode(production: boolean, host: string) {
  return oneOf('none', 'jwt', 'api-key')
    .refine(
      (mode) => mode !== 'none' || !production,
      'none is not allowed in production (NODE_ENV is not development or test): choose jwt or api-key',
    )
    .refine(
      (mode) => mode !== 'none' || isLoopback(host),
      'none is allowed on a loopback HOST only, such as 127.0.0.1: choose jwt or api-key',
    );
}

/** Signature algorithms with public keys; a symmetric one would use the public key as the shared secret. */
const SIGNATURE_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Reads a comma-separated list of signature algorithms. */
export const signatureAlgorithms = listOf(SIGNATURE_ALGORITHMS.join(', '), (name) =>
  SIGNATURE_ALGORITHMS.includes(name),
);

/** Reads an absolute URL; https in production, because credentials and secrets are sent to it. */
export function httpUrl(production: boolean) {
  return z
    .string()
    .refine(isHttpUrl, { message: 'must be an absolute http or https URL', abort: true })
    .refine((text) => new URL(text).username + new URL(text).password === '', 'must not contain credentials')
    .refine((text) => !production || new URL(text).protocol === 'https:', 'must be https in production');
}

/** Reads a URL that has nothing but scheme, host and port. */
export function origin(production: boolean) {
  return httpUrl(production)
    .refine((text) => /^[^?#]*$/.test(text) && new URL(text).pathname === '/', 'must have no path, query or fragment')
    .transform((text) => new URL(text).origin);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Reads exact origins of web pages, comma-separated. */
export const origins = listOf(
  'origins such as https://shop.example: no path, no *',
  (text) => origin(false).safeParse(text).success && !text.includes('*'),
).transform((texts) => texts.map((text) => new URL(text).origin));

/** Reads `true` or `false`. */
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');
/** Reads the name of a claim of a token. */
export const claimName = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be the name of a claim, such as sub');
/** Reads text that can be sent in an HTTP header: visible ASCII characters. */
export const headerText = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters');
/** Reads a graph and its variant in Apollo Studio. */
export const graphRef = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}@[\x21-\x7e]{1,63}$/, 'must be graph@variant, such as payments@current');
/** Reads a user name for HTTP Basic, which has no colon. */
export const username = z.string().regex(/^[^:]*$/, 'must have no colon: HTTP Basic ends the name there');

/** Reads a decimal amount, in minor units. */
export const amountMinor = z
  .string()
  .refine(isPlainDecimal, { message: 'must be a decimal such as 10000.00', abort: true })
  .refine((text) => !hasTooManyDecimals(text), 'must have at most two decimals')
  .transform(minorUnits)
  .refine(
    (minor) => minor > 0 && Number.isSafeInteger(minor),
    'must be above zero, with 13 digits before the point at most',
  );

/** The longest period of a rate limit. */
const MAX_PERIOD = '30d';

/** A duration between two others, such as `25s`, in milliseconds. */
export function duration(min: string, max: string) {
  const message = `must be a duration from ${min} to ${max}, such as 500ms, 25s, 10m, 1h or 90d`;
  const [minMs = 0, maxMs = 0] = [parseDuration(min), parseDuration(max)];
  return z.string().transform((text, context): number => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const period = duration('1ms', MAX_PERIOD);

/** Reads `limit/period`, such as `5/1h`, with `limit` parsed by the given schema; undefined for `off`. */
function rateLimit(limit: z.ZodType<number, string>, example: string) {
  return z.string().transform((text, context): RateLimit | undefined => {
    if (text === 'off') return undefined;
    const [, limitText, periodText] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
    const readLimit = limit.safeParse(limitText);
    const readPeriod = period.safeParse(periodText);
    if (readLimit.success && readPeriod.success) return { limit: readLimit.data, periodMs: readPeriod.data };
    const message = `must be off, or a limit and a time up to ${MAX_PERIOD} such as ${example}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** Reads a number of payments per period. */
export const countLimit = rateLimit(integer(1, 1_000_000), '5/1h');
/** Reads an amount per period, in minor units. */
export const amountLimit = rateLimit(amountMinor, '20000.00/1d');

/** Reads a duration, or undefined for `off`. */
export const optionalPeriod = z.union(
  [z.literal('off').transform(() => undefined), period],
  `must be off, or a time up to ${MAX_PERIOD} such as 10m`,
);

const HOST = /^(http:\/\/)?(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@*\\[\]]+)(?::(\d{1,5}))?$/;

/** Reads hosts: `host` or `host:port`, comma-separated, with `http://` before those without encryption. */
export const hosts = listOf('host or host:port, without a path, with no scheme but http', (text) => {
  const [, , hostname = '', port = ''] = HOST.exec(text) ?? [];
  return URL.canParse(`http://${hostname}:${port}`);
}).transform((texts) =>
  texts.map((text) => {
    const [, scheme, hostname = '', port] = HOST.exec(text) ?? [];
    return {
      // Normalized like in URLs: in lower case, with international names encoded.
      hostname: new URL(`http://${hostname}`).hostname,
      port: port === undefined ? undefined : Number(port),
      unencrypted: scheme !== undefined,
    };
  }),
);

/** Reads networks as CIDR blocks, comma-separated. */
export const networks = listOf('networks such as 10.0.0.0/8', (network) => ipaddr.isValidCIDR(network));

/** Reads the name of an IANA time zone, such as `America/Toronto`. */
export const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'must be a time zone such as America/Toronto');

type Pair = readonly [name: string, value: string];

/** Reads comma-separated pairs of a form that `pattern` matches. */
function pairs(form: string, pattern: RegExp) {
  return listOf(form, (item) => pattern.test(item)).transform((items) =>
    items.map((item): Pair => [item.replace(/ *=.*/, ''), item.replace(/[^=]*=/, '')]),
  );
}

function haveUniqueNames(items: readonly Pair[]): boolean {
  return new Set(items.map(([name]) => name)).size === items.length;
}

/** Reads the column of each field of a daily file; an empty header: the file has no such column. */
export const columns = pairs('field=header', /=/)
  .refine((items) => items.every(([field]) => isReportField(field)), {
    message: `must name fields among ${REPORT_FIELDS.join(', ')}`,
    abort: true,
  })
  .refine(haveUniqueNames, 'must name each field once')
  .transform((items): ColumnMapping => Object.fromEntries(items));

/** Reads the API variant without the token policy, which has its own variable. */
export const apiVariant = pairs('name=value', /^\w+=[\w-]+$/)
  .refine(haveUniqueNames, 'must name each field once')
  .transform((items): unknown => Object.fromEntries(items))
  .pipe(apiVariantSchema.omit({ tokenPolicy: true }));
