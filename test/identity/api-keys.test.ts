import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isSecretOf, generateApiKey, partsOf } from '../../src/identity/api-key/api-keys.js';
import { parseApiKeyArgs } from '../../src/identity/api-key/api-key-command.js';

describe('an API key', () => {
  it('has a prefix to be found by, and a secret that only a hash is kept of', () => {
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

  it('is another one each time', () => {
    const made = Array.from({ length: 100 }, () => generateApiKey());
    expect(new Set(made.map(({ key }) => key.reveal())).size).toBe(100);
    expect(new Set(made.map(({ prefix }) => prefix)).size).toBe(100);
  });

  it('does not show when it is printed', () => {
    expect(JSON.stringify(generateApiKey())).not.toContain('fpk_');
  });

  it('fits no secret but its own', () => {
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
  ])('is not read from %p (%s)', (text) => {
    expect(partsOf(text)).toBeUndefined();
  });
});

describe('what the command of API keys is told', () => {
  it('is read', () => {
    const key = ['--client', 'shop', '--scopes', 'payments:read, payments:create'];
    const read = { kind: 'create', clientId: 'shop', scopes: ['payments:create', 'payments:read'] };
    expect(parseApiKeyArgs(['create', ...key])).toEqual({ ...read, expiresInMs: undefined });
    expect(parseApiKeyArgs(['create', ...key, '--expires-in', '90d'])).toEqual({
      ...read,
      expiresInMs: 90 * 86_400_000,
    });
    expect(parseApiKeyArgs(['list'])).toEqual({ kind: 'list' });
    expect(parseApiKeyArgs(['rotate', 'abc'])).toEqual({ kind: 'rotate', prefix: 'abc', overlapMs: 86_400_000 });
    expect(parseApiKeyArgs(['rotate', 'abc', '--overlap', '0m'])).toMatchObject({ overlapMs: 0 });
    expect(parseApiKeyArgs(['revoke', 'abc'])).toEqual({ kind: 'revoke', prefix: 'abc' });
  });

  it('is refused with all its problems at once, and nothing repeated', () => {
    const wrong = [
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
    const refusal = () => parseApiKeyArgs(wrong);
    for (const problem of ['no --overlap', 'no prefix', '--client must', '--scopes must', '--expires-in must'])
      expect(refusal).toThrow(problem);
    expect(refusal).toThrow(expect.objectContaining({ message: expect.not.stringContaining('mark') as unknown }));
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
  ])('is refused as %j', (args, problem) => {
    expect(() => parseApiKeyArgs(args)).toThrow(problem);
  });
});
