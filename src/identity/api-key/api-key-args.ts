import { parseArgs } from 'node:util';
import { SCOPES, isClientId } from '../../domain/api-client.js';
import type { Scope } from '../../domain/api-client.js';
import { parseDuration } from '../../lib/duration.js';

/** A parsed task of the command. */
export type ApiKeyArgs =
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

const USAGE = `use it as one of
  create --client ID --scopes SCOPE,SCOPE [--expires-in 90d]
  list
  rotate PREFIX [--overlap 1d]
  revoke PREFIX`;

const OPTIONS = {
  client: { type: 'string' },
  scopes: { type: 'string' },
  'expires-in': { type: 'string' },
  overlap: { type: 'string' },
} as const;

/** The options that each task accepts. */
const OPTIONS_OF: Readonly<Record<ApiKeyArgs['kind'], readonly string[]>> = {
  create: ['client', 'scopes', 'expires-in'],
  list: [],
  rotate: ['overlap'],
  revoke: [],
};

type Options = Partial<Record<keyof typeof OPTIONS, string>>;

/** Parses the arguments of the command. Throws an error that lists all problems. */
export function parseApiKeyArgs(args: readonly string[]): ApiKeyArgs {
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

function isKind(text: string): text is ApiKeyArgs['kind'] {
  return Object.hasOwn(OPTIONS_OF, text);
}

function toTask(kind: ApiKeyArgs['kind'], names: readonly string[], options: Options, problems: string[]): ApiKeyArgs {
  const [prefix = ''] = names;
  const wanted = kind === 'rotate' || kind === 'revoke' ? 1 : 0;
  if (names.length !== wanted)
    problems.push(wanted === 1 ? `${kind} takes one prefix, as list shows it` : `${kind} takes no prefix`);
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
  const positionals = scopes.split(',').map((name) => name.trim());
  const known = SCOPES.filter((scope) => positionals.includes(scope));
  if (known.length < new Set(positionals).size)
    problems.push(`--scopes must be a comma-separated list among ${SCOPES.join(', ')}`);
  const expiresInMs = expiresIn === undefined ? undefined : durationOf('--expires-in', expiresIn, problems);
  if (expiresInMs === 0) problems.push('--expires-in must be above zero');
  return { clientId, scopes: known, expiresInMs };
}

function durationOf(option: string, text: string, problems: string[]): number {
  const ms = parseDuration(text);
  if (ms === undefined) problems.push(`${option} must be a duration such as 30m, 12h or 90d`);
  return ms ?? 0;
}
