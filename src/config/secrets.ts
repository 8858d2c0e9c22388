import { z } from 'zod';
import { Sensitive } from '../domain/sensitive.js';

// How secrets are read, and which of them production refuses: what is published with this program, what a machine would guess, and
// what is used twice. A message completes a sentence that starts with the variable's name, and never repeats the value.

/** Known to everybody who reads this, so it protects nothing. */
export const DEVELOPMENT_KEY = 'development:ZGV2ZWxvcG1lbnQga2V5OiBwcm90ZWN0cyBub3RoaW4=';

const MAKE_ONE = 'make one with openssl rand -base64 32';

/**
 * What secrets that were made up say of themselves: those of the sandbox, the docs and the tests, templates that nobody filled in,
 * and the command that was to make one. Random text of 44 characters has such a word once in millions of times.
 */
const SPEAKING = /secret|password|passphrase|example|sandbox|change.?me|placeholder|openssl/i;

/** Passwords that are published, in the sandbox, the docs and the tests. They are given by others, so no more is asked of them. */
const PUBLISHED_PASSWORDS = ['sandbox-password', 'password', 'secret', 'password-of-the-database'];

const DATA_KEY = /^[\w-]{1,32}:[A-Za-z0-9+/]{43}=$/;

export interface DataKeySetting {
  readonly id: string;
  readonly bytes: Sensitive<Buffer>;
}

/** `id:base64` pairs, comma-separated, the one that writes first. */
export function dataKeys(production: boolean) {
  return z
    .string()
    .transform((text) => text.split(',').map((pair) => pair.trim()))
    .refine((pairs) => pairs.every((pair) => DATA_KEY.test(pair)), {
      message: 'must be a comma-separated list of id:key, each key 32 bytes in base64 (44 characters)',
      abort: true,
    })
    .transform((pairs) => pairs.map(readDataKey))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must name each key id once')
    .superRefine((keys, context) => {
      if (!production) return;
      const problem = dataKeysProblem(keys.map(({ bytes }) => bytes.reveal()));
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });
}

function readDataKey(pair: string): DataKeySetting {
  const [id = '', key = ''] = pair.split(':', 2);
  return { id, bytes: new Sensitive(Buffer.from(key, 'base64')) };
}

function dataKeysProblem(keys: readonly Buffer[]): string | undefined {
  const published = readDataKey(DEVELOPMENT_KEY).bytes.reveal();
  if (keys.some((key) => key.equals(published)))
    return `must not have the key of development in production, which everybody knows: ${MAKE_ONE}`;
  if (keys.some(isRegular)) return `must not have a key of repeated or sequential bytes in production: ${MAKE_ONE}`;
  // Data that is stolen is tried with every text that people think of, and nothing slows that down.
  // An older one still has to open what it wrote.
  if (keys.slice(0, 1).some(isText))
    return `must not have a key that is text in production, which can be guessed: ${MAKE_ONE}`;
  if (new Set(keys.map((key) => key.toString('hex'))).size < keys.length)
    return `must not have the same key under two ids in production: ${MAKE_ONE}`;
  return undefined;
}

/** Secrets that others know as well, comma-separated, the newest first; none when empty. */
export function sharedSecrets(production: boolean) {
  return z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((secret) => secret.trim())))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 16),
      'must be a comma-separated list of secrets of at least 16 characters each',
    )
    .superRefine((secrets, context) => {
      const problem = production ? sharedSecretsProblem(secrets) : undefined;
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .transform((secrets) => secrets.map((secret) => new Sensitive(secret)));
}

function sharedSecretsProblem(secrets: readonly string[]): string | undefined {
  if (secrets.some((secret) => SPEAKING.test(secret)))
    return `must not have a secret of words such as "secret" or "example" in production, as published ones are: ${MAKE_ONE}`;
  if (secrets.some((secret) => isRegular(Buffer.from(secret))))
    return `must not have a secret of repeated or sequential characters in production: ${MAKE_ONE}`;
  if (new Set(secrets).size < secrets.length) return `must not have the same secret twice in production: ${MAKE_ONE}`;
  return undefined;
}

/** A password that was given at onboarding. */
export function password(production: boolean) {
  return z
    .string()
    .refine(
      (text) => !production || !isPublishedPassword(text),
      'must not be a published one or a repeated character in production: write the one that Flinks gave you',
    );
}

export function isPublishedPassword(text: string): boolean {
  return PUBLISHED_PASSWORDS.includes(text.toLowerCase()) || isRegular(Buffer.from(text));
}

/** Keys as they are written, to be compared with secrets; none where they could not be read. */
export function textsOf(keys: readonly DataKeySetting[] | undefined): Sensitive<string>[] {
  return (keys ?? []).map(({ bytes }) => new Sensitive(bytes.reveal().toString('base64')));
}

/** Problems of settings that have a secret in common: who is told it as the one could use it as the other. */
export function commonSecretProblems(settings: Readonly<Record<string, readonly Sensitive<string>[] | undefined>>) {
  const owners = new Map<string, string>();
  const problems = new Set<string>();
  for (const [variable, secrets = []] of Object.entries(settings))
    for (const secret of secrets) {
      const owner = owners.get(secret.reveal()) ?? variable;
      owners.set(secret.reveal(), owner);
      if (owner !== variable)
        problems.add(`${variable} must not have a secret of ${owner} in production: ${MAKE_ONE} for each`);
    }
  return [...problems];
}

/** A block that is repeated, or bytes in even steps: nothing that chance makes, but of fewer than four. */
function isRegular(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const longest = Math.floor(bytes.length / 2);
  for (let period = 1; period <= longest; period += 1)
    if (bytes.every((byte, index) => index < period || byte === bytes[index - period])) return true;
  const step = stepAt(bytes, 1);
  return bytes.every((_, index) => index === 0 || stepAt(bytes, index) === step);
}

function stepAt(bytes: Buffer, index: number): number {
  return ((bytes[index] ?? 0) - (bytes[index - 1] ?? 0) + 256) % 256;
}

function isText(bytes: Buffer): boolean {
  return /^[\x20-\x7e\s]*$/.test(bytes.toString('latin1'));
}
