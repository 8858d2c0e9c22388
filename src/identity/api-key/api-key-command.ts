import type { Sensitive } from '../../domain/sensitive.js';
import type { ApiKey, ApiKeyStore, NewApiKey } from '../../store/contracts/api-key-store.js';
import type { ApiKeyArgs } from './api-key-args.js';
import { generateApiKey } from './api-keys.js';

/** What the command has to say; a key is told this once. */
export interface ApiKeyReport {
  readonly key: Sensitive<string> | undefined;
  readonly text: string;
}

/** Makes, lists, rotates and revokes API keys. */
export class ApiKeyCommand {
  constructor(private readonly store: ApiKeyStore) {}

  run(task: ApiKeyArgs): Promise<ApiKeyReport> {
    switch (task.kind) {
      case 'create':
        return this.#create(task);
      case 'list':
        return this.#list();
      case 'rotate':
        return this.#rotate(task);
      case 'revoke':
        return this.#revoke(task);
    }
  }

  async #create({ clientId: clientId, scopes, expiresInMs }: ApiKeyArgs & { kind: 'create' }): Promise<ApiKeyReport> {
    const expiresAt = expiresInMs === undefined ? undefined : new Date(Date.now() + expiresInMs);
    const { key, ...made } = generateApiKey();
    const added = { ...made, clientId, scopes, expiresAt };
    await this.store.add(added);
    return { key, text: `The key above is shown this once. ${described(added)}` };
  }

  async #list(): Promise<ApiKeyReport> {
    const keys = await this.store.list();
    const rows = keys.map((key) => [key.prefix, key.clientId, key.scopes.join(','), stateOf(key)].join('  '));
    return { key: undefined, text: rows.length === 0 ? 'There are no keys.' : rows.join('\n') };
  }

  /** The new key lives as long as the old one was to. */
  async #rotate({ prefix, overlapMs }: ApiKeyArgs & { kind: 'rotate' }): Promise<ApiKeyReport> {
    const old = await this.store.find(prefix);
    if (old === undefined) throw new Error('there is no key of this prefix');
    if (!isUsable(old)) throw new Error(`the key is no longer in use (${stateOf(old)}): create another one`);
    const { key, ...made } = generateApiKey();
    const { clientId: clientId, scopes, createdAt, expiresAt } = old;
    const ttlMs = expiresAt === undefined ? undefined : expiresAt.getTime() - createdAt.getTime();
    const added = {
      ...made,
      clientId,
      scopes,
      expiresAt: ttlMs === undefined ? undefined : new Date(Date.now() + ttlMs),
    };
    const endsAt = new Date(Date.now() + overlapMs);
    if (!(await this.store.replace(prefix, added, endsAt))) throw new Error('the key was revoked meanwhile');
    const until = expiresAt !== undefined && expiresAt < endsAt ? expiresAt : endsAt;
    return {
      key,
      text: `The key above is shown this once. ${described(added)} The key ${prefix} expires at ${until.toISOString()}.`,
    };
  }

  async #revoke({ prefix }: ApiKeyArgs & { kind: 'revoke' }): Promise<ApiKeyReport> {
    if (!(await this.store.revoke(prefix))) throw new Error('there is no key of this prefix');
    return { key: undefined, text: `The key ${prefix} is revoked: within seconds no gateway takes it any more.` };
  }
}

function described({ prefix, clientId: clientId, scopes, expiresAt }: NewApiKey): string {
  const end = expiresAt === undefined ? 'never expires' : `expires at ${expiresAt.toISOString()}`;
  return `Its prefix is ${prefix}, its clientId ${clientId}, its scopes are ${scopes.join(', ')}; it ${end}.`;
}

function stateOf({ createdAt, expiresAt, revokedAt }: ApiKey): string {
  const created = `created ${createdAt.toISOString()}`;
  if (revokedAt !== undefined) return `${created}  revoked ${revokedAt.toISOString()}`;
  if (expiresAt === undefined) return `${created}  never expires`;
  return `${created}  ${expiresAt <= new Date() ? 'expired' : 'expires'} ${expiresAt.toISOString()}`;
}

function isUsable({ expiresAt, revokedAt }: ApiKey): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > new Date());
}
