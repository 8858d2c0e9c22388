import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../domain/money.js';
import type { RateLimit } from '../domain/rate-limits.js';
import { apiVariantSchema } from '../flinks/api-variant.js';
import { parseDuration } from '../lib/duration.js';
import { REPORT_FIELDS, isReportField } from '../reconciliation/file/columns.js';
import type { ColumnMapping } from '../reconciliation/file/columns.js';

// How the text of each kind of variable is read. A message completes a sentence that starts with the variable's name, and
// never repeats the value: some variables are secrets.

export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, { message, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

export function oneOf<const T extends string>(...values: T[]) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** How callers are identified. Not at all is for a machine of one's own only. */
export function authMode(production: boolean, host: string) {
  return oneOf('none', 'jwt', 'api-key')
    .refine(
      (mode) => mode !== 'none' || !production,
      'none is refused in production (NODE_ENV is not development or test): choose jwt or api-key',
    )
    .refine(
      (mode) => mode !== 'none' || isLoopback(host),
      'none is allowed on a loopback HOST only, such as 127.0.0.1: choose jwt or api-key',
    );
}

/** Algorithms of signatures that can be checked with public keys. With a shared secret the public key would be taken for one. */
const SIGNATURE_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

export const signatureAlgorithms = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine(
    (names) => names.every((name) => SIGNATURE_ALGORITHMS.includes(name)),
    `must be a comma-separated list among ${SIGNATURE_ALGORITHMS.join(', ')}`,
  );

export const claimName = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be the name of a claim, such as sub');

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** An absolute URL, https in production since credentials and secrets travel over it. */
export function httpUrl(production: boolean) {
  return z
    .string()
    .refine(isHttpUrl, { message: 'must be an absolute http or https URL', abort: true })
    .refine((text) => new URL(text).username + new URL(text).password === '', 'must hold no credentials')
    .refine((text) => !production || new URL(text).protocol === 'https:', 'must be https in production');
}

/** Scheme, host and port of a URL that has nothing else. */
export function origin(production: boolean) {
  return httpUrl(production)
    .refine((text) => /^[^?#]*$/.test(text) && new URL(text).pathname === '/', 'must have no path, query or fragment')
    .transform((text) => new URL(text).origin);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Exact origins of pages in browsers, comma-separated; none when empty. */
export const origins = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((origin) => origin.trim())))
  .refine((texts) => texts.every((text) => origin(false).safeParse(text).success && !text.includes('*')), {
    message: 'must be a comma-separated list of origins such as https://shop.example: no path, no *',
    abort: true,
  })
  .transform((texts) => texts.map((text) => new URL(text).origin));

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

export const headerText = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters');

/** A graph and a variant of it in Apollo Studio. */
export const graphRef = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}@[\x21-\x7e]{1,63}$/, 'must be graph@variant, such as payments@current');

export const username = z.string().regex(/^[^:]*$/, 'must have no colon: HTTP Basic ends the name there');

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

/** `most/period`, such as `5/1h`; `most` as it is read by the first. Undefined for `off`. */
function rateLimit(limit: z.ZodType<number, string>, example: string) {
  return z.string().transform((text, context): RateLimit | undefined => {
    if (text === 'off') return undefined;
    const [, mostText, periodText] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
    const readLimit = limit.safeParse(mostText);
    const readPeriod = period.safeParse(periodText);
    if (readLimit.success && readPeriod.success) return { limit: readLimit.data, periodMs: readPeriod.data };
    context.addIssue({
      code: 'custom',
      message: `must be off, or a limit and a time up to ${MAX_PERIOD} such as ${example}`,
    });
    return z.NEVER;
  });
}

/** A number of payments in a time. */
export const countLimit = rateLimit(integer(1, 1_000_000), '5/1h');

/** An amount in a time, in minor units. */
export const amountLimit = () => rateLimit(amountMinor, '20000.00/1d');

/** A time, or undefined for `off`. */
export const optionalPeriod = z.union(
  [z.literal('off').transform(() => undefined), period],
  `must be off, or a time up to ${MAX_PERIOD} such as 10m`,
);

const HOST = /^(http:\/\/)?(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@*\\[\]]+)(?::(\d{1,5}))?$/;

/** `host` or `host:port`, comma-separated, after `http://` where encryption is not wanted; none when empty. */
export const hosts = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((host) => HOST.exec(host.trim()))))
  .refine(
    (found) => found.every((host) => host !== null && URL.canParse(`http://${host.slice(2).join(':')}`)),
    'must be a comma-separated list of host or host:port, without a path, with no scheme but http',
  )
  .transform((found) =>
    found.map((host) => ({
      // As URLs have it: in lower case, and international names encoded.
      hostname: new URL(`http://${host?.[2] ?? ''}`).hostname,
      port: host?.[3] === undefined ? undefined : Number(host[3]),
      unencrypted: host?.[1] !== undefined,
    })),
  );

/** Networks as CIDR blocks, comma-separated; none when empty. */
export const networks = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((network) => network.trim())))
  .refine(
    (texts) => texts.every((text) => ipaddr.isValidCIDR(text)),
    'must be a comma-separated list of networks such as 10.0.0.0/8',
  );

/** Minor units of a decimal amount. */
export const amountMinor = z
  .string()
  .refine(isPlainDecimal, { message: 'must be a decimal such as 10000.00', abort: true })
  .refine((text) => !hasTooManyDecimals(text), 'must have at most two decimals')
  .transform(minorUnits)
  .refine(
    (minor) => minor > 0 && Number.isSafeInteger(minor),
    'must be above zero, with 13 digits before the point at most',
  );

/** Of the database of time zones, such as `America/Toronto`. */
export const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'must be a time zone such as America/Toronto');

/** `field=header` pairs, comma-separated: which column of a daily file is which field; none, where there is no header. */
export const columns = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((pair) => pair.trim())))
  .refine((pairs) => pairs.every((pair) => pair.includes('=')), {
    message: 'must be a comma-separated list of field=header',
    abort: true,
  })
  .transform((pairs) => pairs.map((pair): [string, string] => [pair.replace(/ *=.*/, ''), pair.replace(/[^=]*=/, '')]))
  .refine((pairs) => pairs.every(([field]) => isReportField(field)), {
    message: `must name fields among ${REPORT_FIELDS.join(', ')}`,
    abort: true,
  })
  .refine((pairs) => new Set(pairs.map(([field]) => field)).size === pairs.length, 'must name each field once')
  .transform((pairs): ColumnMapping => Object.fromEntries(pairs));

/** `name=value` pairs, comma-separated: the API variant but for the token policy, which has a variable of its own. */
export const apiVariant = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((pair) => pair.trim())))
  .refine((pairs) => pairs.every((pair) => /^\w+=[\w-]+$/.test(pair)), {
    message: 'must be a comma-separated list of name=value',
    abort: true,
  })
  .transform((pairs) => pairs.map((pair): [string, string] => [pair.replace(/=.*/, ''), pair.replace(/.*=/, '')]))
  .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, 'must name each field once')
  .transform((pairs): unknown => Object.fromEntries(pairs))
  .pipe(apiVariantSchema.omit({ tokenPolicy: true }));
