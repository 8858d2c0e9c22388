import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isSecretOf, generateApiKey, partsOf } from '../../src/identity/api-key/api-keys.js';
import { parseApiKeyArgs } from '../../src/identity/api-key/api-key-command.js';

describe('an API key', () => {
  it('consists of a prefix that identifies it and a secret of which only a hash is stored', () => {
    const { key, prefix, hash } = generateApiKey();
    const parts = partsOf(key.reveal());
    expect(parts?.prefix).toBe(prefix);
    expect(hash).toBe(
      createHash('sha256')
        .update(parts?.secret ?? '')
        .digest('hex'),
    );
    expect(isSecretOf(parts?.secret ?? '', hash)).toBe(true);
  });

  it('is different each time one is generated', () => {
    const generated = Array.from({ length: 100 }, () => generateApiKey());
    expect(new Set(generated.map(({ key }) => key.reveal())).size).toBe(100);
    expect(new Set(generated.map(({ prefix }) => prefix)).size).toBe(100);
  });

  it('is not disclosed by JSON', () => {
    expect(JSON.stringify(generateApiKey())).not.toContain('fpk_');
  });

  it('matches no secret but its own', () => {
    const { hash } = generateApiKey();
    const other = partsOf(generateApiKey().key.reveal())?.secret ?? '';
    expect(isSecretOf(other, hash)).toBe(false);
    expect(isSecretOf('', hash)).toBe(false);
    expect(isSecretOf(other, undefined)).toBe(false);
    expect(isSecretOf('', undefined)).toBe(false);
  });

  it.each([
    ['', 'nothing'],
    [`fpk_${'a'.repeat(12)}`, 'a prefix alone'],
    [`fpk_${'a'.repeat(12)}_${'b'.repeat(42)}`, 'a secret that is too short'],
    [`fpk_${'a'.repeat(12)}_${'b'.repeat(44)}`, 'a secret that is too long'],
    [`FPK_${'a'.repeat(12)}_${'b'.repeat(43)}`, 'other letters'],
    [`fpk_${'a'.repeat(12)}_${'b'.repeat(42)}é`, 'a letter beyond ASCII'],
    [`fpk_${'a'.repeat(12)}_${'b'.repeat(43)}\n`, 'a line break'],
    [`fpk_%' or 1=1 --_${'b'.repeat(43)}`, 'SQL'],
  ])('is not parsed from %p (%s)', (text) => {
    expect(partsOf(text)).toBeUndefined();
  });
});

describe('parseApiKeyArgs', () => {
  it('parses every command', () => {
    const key = ['--client', 'shop', '--scopes', 'payments:read, payments:create'];
    const parsed = { kind: 'create', clientId: 'shop', scopes: ['payments:create', 'payments:read'] };
    expect(parseApiKeyArgs(['create', ...key])).toEqual({ ...parsed, expiresInMs: undefined });
    expect(parseApiKeyArgs(['create', ...key, '--expires-in', '90d'])).toEqual({
      ...parsed,
      expiresInMs: 90 * 86_400_000,
    });
    expect(parseApiKeyArgs(['list'])).toEqual({ kind: 'list' });
    expect(parseApiKeyArgs(['rotate', 'abc'])).toEqual({ kind: 'rotate', prefix: 'abc', overlapMs: 86_400_000 });
    expect(parseApiKeyArgs(['rotate', 'abc', '--overlap', '0m'])).toMatchObject({ overlapMs: 0 });
    expect(parseApiKeyArgs(['revoke', 'abc'])).toEqual({ kind: 'revoke', prefix: 'abc' });
  });

  it('reports all problems at once and repeats no value', () => {
    const invalidArgs = [
      'create',
      'mark',
      '--client',
      'mark\n',
      '--scopes',
      'mark',
      '--expires-in',
      'mark',
      '--overlap',
      'mark',
    ];
    const parse = () => parseApiKeyArgs(invalidArgs);
    for (const problem of ['no --overlap', 'no prefix', '--client must', '--scopes must', '--expires-in must'])
      expect(parse).toThrow(problem);
    expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('mark') as unknown }));
  });

  it.each([
    [[], 'use it as'],
    [['remove', 'abc'], 'use it as'],
    [['toString'], 'use it as'],
    [['--help'], 'use it as'],
    [['create', '--scope', 'payments:read'], 'an option is unknown'],
    [['create', '--client'], 'an option is unknown, or lacks its value'],
    [['create'], '--client'],
    [['create', '--client', 'shop'], '--scopes'],
    [['create', '--client', 'shop', '--scopes', ''], '--scopes'],
    [['create', '--client', 'shop', '--scopes', 'payments:read,payments:everything'], '--scopes'],
    [['create', '--client', 'shop', '--scopes', 'payments:read', '--expires-in', '0d'], 'above zero'],
    [['rotate'], 'one prefix'],
    [['revoke', 'a', 'b'], 'one prefix'],
    [['list', '--client', 'shop'], 'list takes no --client'],
  ])('rejects the arguments %j', (args, problem) => {
    expect(() => parseApiKeyArgs(args)).toThrow(problem);
  });
});
