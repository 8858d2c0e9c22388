import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Sensitive } from '../domain/sensitive.js';

/** An operation as it came, in which nothing is certain. */
interface Signed {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/** What shows that a request came through the router of the graph: a secret in a header, a signature of the operation, or both. */
export class RouterAuthenticator {
  constructor(
    private readonly secrets: readonly Sensitive<string>[],
    private readonly signatureSecrets: readonly Sensitive<string>[],
  ) {}

  /** By the value of the header `router-authorization`. */
  hasSecret(shown: string | readonly string[] | undefined): boolean {
    if (this.secrets.length === 0) return true;
    if (typeof shown !== 'string') return false;
    // Node reads headers byte by byte.
    const bytes = Buffer.from(shown, 'latin1');
    return someOf(this.secrets, (secret) => isSame(bytes, Buffer.from(secret)));
  }

  /** By the signature that Hive Gateway makes: HMAC-SHA256 over document and variables, in `extensions["hmac-signature"]`. */
  isSigned(operation: unknown): boolean {
    if (this.signatureSecrets.length === 0) return true;
    const { query, variables, extensions } = (operation ?? {}) as Signed;
    const signature = isObject(extensions) ? extensions['hmac-signature'] : undefined;
    if (typeof query !== 'string' || typeof signature !== 'string') return false;
    const text = signedText(query, variables);
    if (text === undefined) return false;
    return someOf(this.signatureSecrets, (secret) => {
      const expected = createHmac('sha256', secret).update(text).digest('base64');
      return isSame(Buffer.from(signature), Buffer.from(expected));
    });
  }
}

/** Tries all, so that the time taken tells nothing. */
function someOf(secrets: readonly Sensitive<string>[], fits: (secret: string) => boolean): boolean {
  return secrets.filter((secret) => fits(secret.reveal())).length > 0;
}

/** Takes as long whatever differs, the length too. */
function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Undefined for variables that are nested too deeply to be written. */
function signedText(query: string, variables: unknown): string | undefined {
  const hasVariables = isObject(variables) && Object.keys(variables).length > 0;
  try {
    return stableJson(hasVariables ? { query, variables } : { query });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** JSON with the keys of every object in order. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stableJson(value[key])}`);
  return `{${members.join(',')}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
