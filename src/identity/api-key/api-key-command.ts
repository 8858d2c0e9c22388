import { parseArgs } from 'node:util';
import { SCOPES, isClientId } from '../../domain/api-client.js';
import type { Scope } from '../../domain/api-client.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { parseDuration } from '../../lib/duration.js';
import type { ApiKey, ApiKeyStore, NewApiKey } from '../../store/contracts/api-key-store.js';
import { failureOf } from './api-key-authenticator.js';
import { generateApiKey } from './api-keys.js';

/** A parsed task of the command. */
export type ApiKeyTask =
  | {
      readonly kind: 'create';
      readonly clientId: string;
      readonly scopes: readonly Scope[];
      /** Undefined: the key never expires. */
      readonly expiresInMs: number | undefined;
    }
  | { readonly kind: 'list' }
  | { readonly kind: 'rotate'; readonly prefix: string; readonly overlapMs: number }
  | { readonly kind: 'revoke'; readonly prefix: string };

type Task<Kind extends ApiKeyTask['kind']> = Extract<ApiKeyTask, { kind: Kind }>;

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
  run(task: ApiKeyTask): Promise<ApiKeyReport> {
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

  async #create({ clientId, scopes, expiresInMs }: Task<'create'>): Promise<ApiKeyReport> {
    const { key, ...made } = generateApiKey();
    const added = { ...made, clientId, scopes, expiresAt: timeIn(expiresInMs) };
    await this.store.add(added);
    return { key, text: `The key above is shown only once. ${described(added)}` };
  }

  async #list(): Promise<ApiKeyReport> {
    const keys = await this.store.list();
    const rows = keys.map((key) => [key.prefix, key.clientId, key.scopes.join(','), stateOf(key)].join('  '));
    return { key: undefined, text: rows.length === 0 ? 'There are no keys.' : rows.join('\n') };
  }

  /** The new key gets the lifetime that the old one was created with. */
  async #rotate({ prefix, overlapMs }: Task<'rotate'>): Promise<ApiKeyReport> {
    const old = await this.store.find(prefix);
    if (old === undefined) throw new Error('no key has this prefix');
    if (failureOf(old) !== undefined)
      throw new Error(`the key is no longer in use (${stateOf(old)}): create another one`);
    const { key, ...made } = generateApiKey();
    const { clientId, scopes, createdAt, expiresAt } = old;
    const ttlMs = expiresAt && expiresAt.getTime() - createdAt.getTime();
    const added = { ...made, clientId, scopes, expiresAt: timeIn(ttlMs) };
    const endsAt = new Date(Date.now() + overlapMs);
    if (!(await this.store.replace(prefix, added, endsAt))) throw new Error('the key has been revoked in the meantime');
    const until = expiresAt !== undefined && expiresAt < endsAt ? expiresAt : endsAt;
    return {
      key,
      text: `The key above is shown only once. ${described(added)} The key ${prefix} expires at ${until.toISOString()}.`,
    };
  }

  async #revoke({ prefix }: Task<'revoke'>): Promise<ApiKeyReport> {
    if (!(await this.store.revoke(prefix))) throw new Error('no key has this prefix');
    return { key: undefined, text: `The key ${prefix} is revoked: within seconds no replica accepts it.` };
  }
}

function timeIn(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(Date.now() + ms);
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

const USAGE = `use it as one of
  create --client ID --scopes SCOPE,SCOPE [--expires-in 90d]
  list
  rotate PREFIX [--overlap 1d]
  revoke PREFIX`;

const STRING = { type: 'string' } as const;
const OPTIONS = { client: STRING, scopes: STRING, 'expires-in': STRING, overlap: STRING };

/** The options that each task accepts. */
const OPTIONS_OF: Readonly<Record<ApiKeyTask['kind'], readonly string[]>> = {
  create: ['client', 'scopes', 'expires-in'],
  list: [],
  rotate: ['overlap'],
  revoke: [],
};

type Options = Partial<Record<keyof typeof OPTIONS, string>>;

/** Parses the arguments of the command. Throws an error that lists all problems. */
export function parseApiKeyArgs(args: readonly string[]): ApiKeyTask {
  const { values, positionals } = split(args);
  const [kind = '', ...names] = positionals;
  if (!isKind(kind)) throw new Error(USAGE);
  const problems = Object.keys(values)
    .filter((option) => !OPTIONS_OF[kind].includes(option))
    .map((option) => `${kind} takes no --${option}`);
  const task = toTask(kind, names, values, problems);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return task;
}

function split(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch {
    throw new Error(`an option is unknown, or lacks its value: ${USAGE}`);
  }
}

function isKind(text: string): text is ApiKeyTask['kind'] {
  return Object.hasOwn(OPTIONS_OF, text);
}

function toTask(kind: ApiKeyTask['kind'], names: readonly string[], options: Options, problems: string[]): ApiKeyTask {
  const [prefix = ''] = names;
  const takesPrefix = kind === 'rotate' || kind === 'revoke';
  if (names.length !== Number(takesPrefix))
    problems.push(`${kind} takes ${takesPrefix ? 'one prefix, as list shows it' : 'no prefix'}`);
  switch (kind) {
    case 'create':
      return { kind, ...newKey(options, problems) };
    case 'list':
      return { kind };
    case 'rotate':
      return { kind, prefix, overlapMs: durationOf('--overlap', options.overlap ?? '1d', problems) };
    case 'revoke':
      return { kind, prefix };
  }
}

function newKey({ client: clientId = '', scopes = '', 'expires-in': expiresIn }: Options, problems: string[]) {
  if (!isClientId(clientId)) problems.push('--client must be 1 to 255 printable ASCII characters');
  const names = new Set(scopes.split(',').map((name) => name.trim()));
  const known = SCOPES.filter((scope) => names.has(scope));
  if (known.length < names.size) problems.push(`--scopes must be a comma-separated list among ${SCOPES.join(', ')}`);
  const expiresInMs = expiresIn === undefined ? undefined : durationOf('--expires-in', expiresIn, problems);
  if (expiresInMs === 0) problems.push('--expires-in must be above zero');
  return { clientId, scopes: known, expiresInMs };
}

function durationOf(option: string, text: string, problems: string[]): number {
  const ms = parseDuration(text);
  if (ms === undefined) problems.push(`${option} must be a duration such as 30m, 12h or 90d`);
  return ms ?? 0;
}
