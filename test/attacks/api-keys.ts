import { randomBytes } from 'node:crypto';
import { runToEnd } from '../support/gateway.js';

/** API keys that the gateway's own command created. */
export class ApiKeys {
  private constructor(
    readonly valid: string,
    readonly revoked: string,
    readonly expired: string,
    private readonly other: string,
  ) {}

  static async create(environment: Record<string, string>): Promise<ApiKeys> {
    const [valid, revoked, expired, other] = [
      await createKey(environment),
      await createKey(environment),
      await createKey(environment),
      await createKey(environment),
    ];
    await runCommand(environment, ['revoke', prefixOf(revoked)]);
    await runCommand(environment, ['rotate', prefixOf(expired), '--overlap', '0m']);
    return new ApiKeys(valid, revoked, expired, other);
  }

  get prefix(): string {
    return this.valid.slice(0, this.valid.lastIndexOf('_'));
  }

  withOtherSecret(): string {
    return `${this.prefix}_${randomText(43)}`;
  }

  underOtherPrefix(): string {
    return this.withPrefix(prefixOf(this.other));
  }

  withPrefix(prefix: string): string {
    return this.valid.replace(prefixOf(this.valid), prefix);
  }

  unknown(): string {
    return `fpk_${randomText(12)}_${randomText(43)}`;
  }
}

const SCOPES = 'payments:create,payments:send,payments:read,payments:cancel';

async function createKey(environment: Record<string, string>): Promise<string> {
  const output = await runCommand(environment, ['create', '--client', 'mallory', '--scopes', SCOPES]);
  const key = /fpk_\w+/.exec(output)?.[0];
  if (key === undefined) throw new Error('the command printed no key');
  return key;
}

async function runCommand(environment: Record<string, string>, args: readonly string[]): Promise<string> {
  const { code, output } = await runToEnd(environment, ['commands/api-keys.js', ...args]);
  if (code !== 0) throw new Error(`the command failed: ${output}`);
  return output;
}

const prefixOf = (key: string): string => key.split('_')[1] ?? '';

const randomText = (length: number): string => randomBytes(length).toString('hex').slice(0, length);
