import { z } from 'zod';
import { Sensitive } from '../domain/sensitive.js';
import { list, listOf, rejecting } from './values.js';

// How secrets are read, and which ones are rejected in production: published ones, guessable ones, and ones that are
// used twice. A message completes a sentence that starts with the variable's name, and never repeats the value.

/** Data key of development. It is published here, so it protects nothing. */
export const DEVELOPMENT_KEY = 'development:ZGV2ZWxvcG1lbnQga2V5OiBwcm90ZWN0cyBub3RoaW4=';

const MAKE_ONE = 'generate one with openssl rand -base64 32';

/**
 * Text that marks made-up secrets: those of the sandbox, the docs and the tests, templates without a value, and the
 * command that generates one. Random text of 44 characters contains such a match once in millions of times.
 */
const MADE_UP = /secret|password|passphrase|example|sandbox|change.?me|placeholder|openssl/i;

/** Passwords that the sandbox, the docs and the tests publish. Others choose passwords, so nothing more is required. */
const PUBLISHED_PASSWORDS = ['sandbox-password', 'password', 'secret', 'password-of-the-database'];

const DATA_KEY = /^[\w-]{1,32}:[A-Za-z0-9+/]{43}=$/;

/** A configured data key. */
export interface DataKeySetting {
  readonly id: string;
  readonly bytes: Sensitive<Buffer>;
}

/** Reads data keys: comma-separated `id:base64` pairs, the one for new data first. */
export function dataKeys(production: boolean) {
  return listOf('id:key, each key 32 bytes in base64 (44 characters)', (pair) => DATA_KEY.test(pair))
    .transform((pairs) => pairs.map(readDataKey))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must have each key id once')
    .superRefine(rejecting((keys) => (production ? dataKeysProblem(keys) : undefined)));
}

function readDataKey(pair: string): DataKeySetting {
  const [id = '', key = ''] = pair.split(':', 2);
  return { id, bytes: new Sensitive(Buffer.from(key, 'base64')) };
}

function dataKeysProblem(settings: readonly DataKeySetting[]): string | undefined {
  const keys = settings.map(({ bytes }) => bytes.reveal());
  const published = readDataKey(DEVELOPMENT_KEY).bytes.reveal();
  if (keys.some((key) => key.equals(published)))
    return `must not have the published development key in production: ${MAKE_ONE}`;
  if (keys.some(isRegular)) return `must not have a key of repeated or sequential bytes in production: ${MAKE_ONE}`;
  // Attackers test stolen data against every text that people think of, and nothing slows that down. An older key is
  // exempt, because it still has to decrypt existing data.
  if (keys.slice(0, 1).some(isText))
    return `must not have a key that is text in production, which can be guessed: ${MAKE_ONE}`;
  if (new Set(keys.map((key) => key.toString('hex'))).size < keys.length)
    return `must not have the same key under two ids in production: ${MAKE_ONE}`;
  return undefined;
}

/** Reads secrets that are shared with another system: comma-separated, at least 16 characters each, newest first. */
export function sharedSecrets(production: boolean) {
  return list
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 16),
      'must be a comma-separated list of secrets of at least 16 characters each',
    )
    .superRefine(rejecting((secrets) => (production ? sharedSecretsProblem(secrets) : undefined)))
    .transform((secrets) => secrets.map((secret) => new Sensitive(secret)));
}

function sharedSecretsProblem(secrets: readonly string[]): string | undefined {
  if (secrets.some((secret) => MADE_UP.test(secret)))
    return `must not have a secret that contains text such as "secret" or "example" in production, as published ones do: ${MAKE_ONE}`;
  if (secrets.some((secret) => isRegular(Buffer.from(secret))))
    return `must not have a secret of repeated or sequential characters in production: ${MAKE_ONE}`;
  if (new Set(secrets).size < secrets.length) return `must not have the same secret twice in production: ${MAKE_ONE}`;
  return undefined;
}

/** Reads a password that was assigned by Flinks at onboarding. */
export function password(production: boolean) {
  return z
    .string()
    .refine(
      (text) => !production || !isPublishedPassword(text),
      'must not be a published one or one of repeated characters in production: use the one that Flinks assigned',
    );
}

/** Whether a password is published with this program, or has a regular pattern. */
export function isPublishedPassword(text: string): boolean {
  return PUBLISHED_PASSWORDS.includes(text.toLowerCase()) || isRegular(Buffer.from(text));
}

/** The keys in Base64, for comparison with secrets; none if they could not be read. */
export function textsOf(keys: readonly DataKeySetting[] | undefined): Sensitive<string>[] {
  return (keys ?? []).map(({ bytes }) => new Sensitive(bytes.reveal().toString('base64')));
}

/** Problems of variables that share a secret: whoever is given it for one purpose could use it for the other. */
export function commonSecretProblems(settings: Readonly<Record<string, readonly Sensitive<string>[] | undefined>>) {
  const owners = new Map<string, string>();
  const problems = new Set<string>();
  for (const [variable, secrets = []] of Object.entries(settings))
    for (const secret of secrets) {
      const owner = owners.get(secret.reveal()) ?? variable;
      owners.set(secret.reveal(), owner);
      if (owner !== variable)
        problems.add(`${variable} must not share a secret with ${owner} in production: ${MAKE_ONE} for each`);
    }
  return [...problems];
}

/** Whether bytes repeat a block, or increase in equal steps. Four random bytes or more do neither. */
function isRegular(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const longest = Math.floor(bytes.length / 2);
  for (let period = 1; period <= longest; period += 1)
    if (bytes.every((byte, index) => index < period || byte === bytes[index - period])) return true;
  const step = stepAt(bytes, 1);
  return bytes.every((_, index) => index === 0 || stepAt(bytes, index) === step);
}

/** The difference to the byte before, modulo 256. */
function stepAt(bytes: Buffer, index: number): number {
  return ((bytes[index] ?? 0) - (bytes[index - 1] ?? 0) + 256) % 256;
}

function isText(bytes: Buffer): boolean {
  return /^[\x20-\x7e\s]*$/.test(bytes.toString('latin1'));
}
