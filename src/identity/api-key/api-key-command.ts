import type { Sensitive } from '../../domain/sensitive.js';
import type { ApiKey, ApiKeyStore, NewApiKey } from '../../store/contracts/api-key-store.js';
import type { ApiKeyArgs } from './api-key-args.js';
import { generateApiKey } from './api-keys.js';

/** What the command prints. */
export interface ApiKeyReport {
  /** The new key, which cannot be shown again. */
  readonly key: Sensitive<string> | undefined;
  /** Text for the operator. */
  readonly text: string;
}

/** Creates, lists, rotates and revokes API keys. */
export class ApiKeyCommand {
  constructor(private readonly store: ApiKeyStore) {}

  /** Runs the task. Rejects with a message for the operator when it cannot be done. */
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

  async #create({ clientId, scopes, expiresInMs }: ApiKeyArgs & { kind: 'create' }): Promise<ApiKeyReport> {
    const expiresAt = expiresInMs === undefined ? undefined : new Date(Date.now() + expiresInMs);
    const { key, ...made } = generateApiKey();
    const added = { ...made, clientId, scopes, expiresAt };
    await this.store.add(added);
    return { key, text: `The key above is shown only once. ${described(added)}` };
  }

  async #list(): Promise<ApiKeyReport> {
    const keys = await this.store.list();
    const rows = keys.map((key) => [key.prefix, key.clientId, key.scopes.join(','), stateOf(key)].join('  '));
    return { key: undefined, text: rows.length === 0 ? 'There are no keys.' : rows.join('\n') };
  }

  /** The new key gets the lifetime that the old one was created with. */
  async #rotate({ prefix, overlapMs }: ApiKeyArgs & { kind: 'rotate' }): Promise<ApiKeyReport> {
    const old = await this.store.find(prefix);
    if (old === undefined) throw new Error('no key has this prefix');
    if (!isUsable(old)) throw new Error(`the key is no longer in use (${stateOf(old)}): create another one`);
    const { key, ...made } = generateApiKey();
    const { clientId, scopes, createdAt, expiresAt } = old;
    const ttlMs = expiresAt === undefined ? undefined : expiresAt.getTime() - createdAt.getTime();
    const added = {
      ...made,
      clientId,
      scopes,
      expiresAt: ttlMs === undefined ? undefined : new Date(Date.now() + ttlMs),
    };
    const endsAt = new Date(Date.now() + overlapMs);
    if (!(await this.store.replace(prefix, added, endsAt))) throw new Error('the key has been revoked in the meantime');
    const until = expiresAt !== undefined && expiresAt < endsAt ? expiresAt : endsAt;
    return {
      key,
      text: `The key above is shown only once. ${described(added)} The key ${prefix} expires at ${until.toISOString()}.`,
    };
  }

  async #revoke({ prefix }: ApiKeyArgs & { kind: 'revoke' }): Promise<ApiKeyReport> {
    if (!(await this.store.revoke(prefix))) throw new Error('no key has this prefix');
    return { key: undefined, text: `The key ${prefix} is revoked: within seconds no replica accepts it.` };
  }
}

function described({ prefix, clientId, scopes, expiresAt }: NewApiKey): string {
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
