import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiKey } from '../../store/contracts/api-key-store.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `fpk_`, a prefix that identifies the key and is not secret, and a secret of 256 bits. */
const API_KEY = /^fpk_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$/;

/** Generates an API key, which is shown only once, and what the store keeps of it. */
export function generateApiKey(): Pick<ApiKey, 'prefix' | 'hash'> & { readonly key: Sensitive<string> } {
  const [prefix, secret] = [randomText(12), randomText(43)];
  return { prefix, key: new Sensitive(`fpk_${prefix}_${secret}`), hash: hashOf(secret) };
}

/** Splits a key; undefined for text that is not a key. */
export function partsOf(key: string): { readonly prefix: string; readonly secret: string } | undefined {
  const [, prefix, secret] = API_KEY.exec(key) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secret };
}

/** Compares in constant time, also when there is no key to compare with. */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  const isSame = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash ?? hashOf('')));
  return isSame && hash !== undefined;
}

/** One round of a fast hash is enough, because nobody can guess 256 random bits. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
