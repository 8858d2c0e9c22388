import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEVELOPMENT_KEY } from '../src/config/secrets.js';
import { IN_DEVELOPMENT, PRODUCTION, problemsOf } from './support/production.js';

const ROOT = join(import.meta.dirname, '..');
const SHARED = ['FLINKS_WEBHOOK_SECRETS', 'ROUTER_SECRETS', 'ROUTER_SIGNATURE_SECRETS'];
const GENERATE_ONE = /: generate one with openssl rand -(base64 32|hex 32)( for each)?$/;

const inBase64 = (bytes: readonly number[] | string): string => Buffer.from(bytes as string).toString('base64');
const bytesOf = (byteAt: (index: number) => number): string =>
  inBase64(Array.from({ length: 32 }, (_, index) => byteAt(index) % 256));
const random = (): string => randomBytes(32).toString('base64');

/** The keys or secrets of a list, without their ids, or the password of a URL. Messages contain "password" anyway. */
function secretsIn(value: string): string[] {
  const [, password] = /^postgres:\/\/\w+:([^@]+)@/.exec(value) ?? [];
  const secrets =
    password === undefined ? value.split(',').map((each) => each.trim().replace(/^[\w-]+:/, '')) : [password];
  return secrets.filter((secret) => secret !== 'password');
}

/** Expects a rejection in production that does not repeat the value, and acceptance in development. */
function expectRejected(name: string, value: string, sentence: RegExp = GENERATE_ONE): void {
  const problems = problemsOf({ ...PRODUCTION, [name]: value });
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must not .+ in production`))]);
  expect(problems[0]).toMatch(sentence);
  for (const secret of secretsIn(value)) expect(problems[0]).not.toContain(secret);
  expect(problemsOf({ ...IN_DEVELOPMENT, [name]: value })).toEqual([]);
}

describe('a production configuration', () => {
  it('is accepted with random secrets', () => {
    expect(problemsOf(PRODUCTION)).toEqual([]);
    for (let count = 0; count < 100; count += 1) {
      const shared = Object.fromEntries(SHARED.map((name) => [name, `${random()}, ${random()}`]));
      const keys = { DATA_ENCRYPTION_KEYS: `second:${random()}, first:${random()}` };
      expect(problemsOf({ ...PRODUCTION, ...shared, ...keys })).toEqual([]);
    }
  });

  it.each([
    ['of the development configuration', DEVELOPMENT_KEY.replace(/.*:/, '')],
    // The last two bits of the last character have no effect.
    ['of the development configuration in another spelling', DEVELOPMENT_KEY.replace(/.*:/, '').replace(/4=$/, '5=')],
    ['of zeros', bytesOf(() => 0)],
    ['of one byte', bytesOf(() => 0xa7)],
    ['of two bytes in turn', bytesOf((index) => index % 2)],
    ['of three bytes in turn', bytesOf((index) => [0xfa, 0x0e, 0x91][index % 3] ?? 0)],
    ['of five bytes in turn', bytesOf((index) => [0xfa, 0x0e, 0x91, 0x77, 0x03][index % 5] ?? 0)],
    ['of a half, twice', bytesOf((index) => [...createHash('md5').update('half').digest()][index % 16] ?? 0)],
    ['that counts up', bytesOf((index) => index)],
    ['that counts down', bytesOf((index) => 255 - index)],
    ['that counts past 255', bytesOf((index) => 240 + index)],
  ])('is rejected with a data key %s, under any id and in any position', (_, key) => {
    for (const id of ['development', '2026-11', 'a']) expectRejected('DATA_ENCRYPTION_KEYS', `${id}:${key}`);
    expectRejected('DATA_ENCRYPTION_KEYS', `new:${random()},old:${key}`);
  });

  it.each([
    ['of plain English', inBase64('correct horse battery staple, ok')],
    ['of hexadecimal digits', inBase64('3f9c07be1d5a48826e0fb7c94d21a65e')],
  ])('is rejected with a data key %s, unless the key is only used for unsealing', (_, key) => {
    expectRejected('DATA_ENCRYPTION_KEYS', `now:${key}`);
    expectRejected('DATA_ENCRYPTION_KEYS', `now:${key},old:${random()}`);
    expect(problemsOf({ ...PRODUCTION, DATA_ENCRYPTION_KEYS: `new:${random()},old:${key}` })).toEqual([]);
  });

  it('is rejected with the same data key under two ids', () => {
    const key = random();
    expectRejected('DATA_ENCRYPTION_KEYS', `new:${key},old:${key}`);
  });

  it.each(SHARED)('is rejected when %s contains a published, invented, repeated or counted secret', (name) => {
    for (const secret of [
      'sandbox-webhook-secret',
      'Sandbox-Webhook-Secret',
      'the secret of the router',
      '<openssl rand -base64 32>',
      '$(openssl rand -base64 32)',
      'changeme-changeme',
      'whsec_example_0001',
      'a'.repeat(16),
      '0'.repeat(64),
      'ab'.repeat(10),
      'abcabcabcabcabcab',
      '0123456789'.repeat(2),
      'abcdefghijklmnopqrstuvwxyz',
    ]) {
      expectRejected(name, secret);
      expectRejected(name, `${random()}, ${secret}`);
    }
  });

  it('is rejected when a secret is used twice', () => {
    const [one, other] = [random(), random()];
    expectRejected('FLINKS_WEBHOOK_SECRETS', `${one}, ${other}, ${one}`);
    const common = { FLINKS_WEBHOOK_SECRETS: `${one},${other}`, ROUTER_SECRETS: other, ROUTER_SIGNATURE_SECRETS: one };
    expect(problemsOf({ ...PRODUCTION, ...common })).toEqual([
      'ROUTER_SECRETS must not share a secret with FLINKS_WEBHOOK_SECRETS in production: generate one with openssl rand -base64 32 for each',
      'ROUTER_SIGNATURE_SECRETS must not share a secret with FLINKS_WEBHOOK_SECRETS in production: generate one with openssl rand -base64 32 for each',
    ]);
    expect(problemsOf({ ...IN_DEVELOPMENT, ...common })).toEqual([]);
    const dataKey = { DATA_ENCRYPTION_KEYS: `2026-11:${one}`, FLINKS_WEBHOOK_SECRETS: one };
    expect(problemsOf({ ...PRODUCTION, ...dataKey })).toEqual([
      expect.stringMatching(/^FLINKS_WEBHOOK_SECRETS must not share a secret with DATA_ENCRYPTION_KEYS in production/),
    ]);
  });

  it.each(['sandbox-password', 'Sandbox-Password', 'password', 'aaaa', 'aaaaaaaa', 'xyxyxyxy', '12345678'])(
    'is rejected with the Flinks password %p',
    (password) => expectRejected('FLINKS_PASSWORD', password, /: use the one that Flinks assigned$/),
  );

  it.each(['password', 'Password', 'password-of-the-database', 'pass%77ord', 'aaaaaaaa', '0000'])(
    'is rejected with the database password %p',
    (password) => expectRejected('DATABASE_URL', `postgres://payments:${password}@db.example:5432/payments`),
  );

  it('has all its problems reported at once', () => {
    const published = {
      ...PRODUCTION,
      AUTH_MODE: 'none',
      DATABASE_URL: 'sqlite:file::memory:',
      DATA_ENCRYPTION_KEYS: DEVELOPMENT_KEY,
      FLINKS_PASSWORD: 'sandbox-password',
      FLINKS_WEBHOOK_SECRETS: 'sandbox-webhook-secret',
      ROUTER_SECRETS: 'sandbox-webhook-secret',
      RATE_LIMIT_EMAILS_PER_PAYER: 'many',
    };
    expect(new Set(problemsOf(published).map((problem) => problem.replace(/ .*/, '')))).toEqual(
      new Set(Object.keys(published).filter((name) => !/^NODE_ENV$|^FLINKS_(BASE_URL|INSTANCE|USERNAME)$/.test(name))),
    );
  });
});

/** Assignments of secrets to settings and constants in code, documents and shells, with their values. */
const ASSIGNED =
  /(?:(?:WEBHOOK|ROUTER|SIGNATURE)_SECRETS?|webhookSecret|\bSECRETS?)['"]?\]?\s*[:=,]\s*(?:['"`]([^'"`\n]+)['"`]|([^\s'"`{}()|]+$))/gm;

function publishedSecrets(): string[] {
  const folders = ['docs', 'examples', 'sandbox', 'scripts', 'test'];
  const inside = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const files = [...inside, 'README.md', '.env.example'].filter(
    (name) => /\.(ts|mjs|md|yaml|yml|json|example)$/.test(name) && !name.endsWith('config-secrets.test.ts'),
  );
  const found = files.flatMap((name) =>
    [...readFileSync(join(ROOT, name), 'utf8').matchAll(ASSIGNED)].flatMap(([, quoted, bare]) =>
      (quoted ?? bare ?? '').split(',').map((secret) => secret.trim()),
    ),
  );
  return [...new Set(found)].filter((secret) => secret.length >= 16 && !/^[A-Z_$]|\$\{/.test(secret));
}

describe('a secret in this repository', () => {
  it('is rejected in production', () => {
    const published = publishedSecrets();
    expect(published).toEqual(expect.arrayContaining(['sandbox-webhook-secret', 'secret-of-the-router']));
    expect(published.filter((secret) => problemsOf({ ...PRODUCTION, ROUTER_SECRETS: secret }).length === 0)).toEqual(
      [],
    );
  });
});
