import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Sensitive } from '../domain/sensitive.js';

type Fields = Readonly<Record<string, unknown>>;

/** Recognizes requests that came through the router: by a secret in a header, a signature of the operation, or both. */
export class RouterAuthenticator {
  constructor(private readonly secrets: Readonly<Record<'header' | 'signature', readonly Sensitive<string>[]>>) {}

  /** Checks the value of the header `router-authorization`; true when no secret is configured. */
  hasSecret(header: string | readonly string[] | undefined): boolean {
    if (this.secrets.header.length === 0) return true;
    if (typeof header !== 'string') return false;
    // Node decodes headers as Latin-1.
    const bytes = Buffer.from(header, 'latin1');
    return someOf(this.secrets.header, (secret) => isSame(bytes, Buffer.from(secret)));
  }

  /**
   * Checks Hive Gateway's signature of an unvalidated operation: HMAC-SHA256 over document and variables, in
   * `extensions["hmac-signature"]`; true when no secret is configured.
   */
  isSigned(operation: unknown): boolean {
    if (this.secrets.signature.length === 0) return true;
    const { query, variables, extensions } = (operation ?? {}) as Fields;
    const signature = isObject(extensions) ? extensions['hmac-signature'] : undefined;
    if (typeof query !== 'string' || typeof signature !== 'string') return false;
    const text = signedText(query, variables);
    if (text === undefined) return false;
    return someOf(this.secrets.signature, (secret) => {
      const expected = createHmac('sha256', secret).update(text).digest('base64');
      return isSame(Buffer.from(signature), Buffer.from(expected));
    });
  }
}

/** Tries all secrets, so that the time reveals nothing. */
function someOf(secrets: readonly Sensitive<string>[], matches: (secret: string) => boolean): boolean {
  return secrets.filter((secret) => matches(secret.reveal())).length > 0;
}

/** Compares digests in constant time, whatever the lengths. */
function isSame(one: Buffer, other: Buffer): boolean {
  const digestOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}

/** The signed text; undefined for variables that are nested too deeply to serialize. */
function signedText(query: string, variables: unknown): string | undefined {
  const hasVariables = isObject(variables) && Object.keys(variables).length > 0;
  try {
    return stableJson(hasVariables ? { query, variables } : { query });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** JSON with sorted object keys. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stableJson(value[key])}`).join(',')}}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
