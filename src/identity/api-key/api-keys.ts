import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { Sensitive } from '../../domain/sensitive.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `fpk_`, the prefix by which a key is found and may be named, and its secret of 256 bits. */
const API_KEY = /^fpk_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$/;

export interface GeneratedApiKey {
  readonly prefix: string;
  /** In full, to be shown once. */
  readonly key: Sensitive<string>;
  readonly hash: string;
}

export function generateApiKey(): GeneratedApiKey {
  const [prefix, secret] = [randomText(12), randomText(43)];
  return { prefix, key: new Sensitive(`fpk_${prefix}_${secret}`), hash: hashOf(secret) };
}

/** Undefined for what is no key. */
export function partsOf(key: string): { readonly prefix: string; readonly secret: string } | undefined {
  const [, prefix, secret] = API_KEY.exec(key) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secret };
}

/** Takes as long whatever differs, and if there is no key to compare with. */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  const isSame = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash ?? hashOf('')));
  return isSame && hash !== undefined;
}

/** Nobody can guess 256 random bits, so that one round of a fast hash will do. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
