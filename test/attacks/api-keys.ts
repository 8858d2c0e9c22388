import { randomBytes } from 'node:crypto';
import { runToEnd } from '../support/gateway.js';

/** Keys of a gateway that takes some, made by its own command. */
export class ApiKeys {
  private constructor(
    readonly good: string,
    readonly revoked: string,
    readonly expired: string,
    private readonly other: string,
  ) {}

  static async make(environment: Record<string, string>): Promise<ApiKeys> {
    const [good, revoked, expired, other] = [
      await make(environment),
      await make(environment),
      await make(environment),
      await make(environment),
    ];
    await command(environment, ['revoke', prefixOf(revoked)]);
    await command(environment, ['rotate', prefixOf(expired), '--overlap', '0m']);
    return new ApiKeys(good, revoked, expired, other);
  }

  get prefix(): string {
    return this.good.slice(0, this.good.lastIndexOf('_'));
  }

  withOtherSecret(): string {
    return `${this.prefix}_${randomText(43)}`;
  }

  underOtherPrefix(): string {
    return this.withPrefix(prefixOf(this.other));
  }

  withPrefix(prefix: string): string {
    return this.good.replace(prefixOf(this.good), prefix);
  }

  unknown(): string {
    return `fpk_${randomText(12)}_${randomText(43)}`;
  }
}

const SCOPES = 'payments:create,payments:send,payments:read,payments:cancel';

async function make(environment: Record<string, string>): Promise<string> {
  const output = await command(environment, ['create', '--client', 'mallory', '--scopes', SCOPES]);
  const key = /fpk_\w+/.exec(output)?.[0];
  if (key === undefined) throw new Error('the command shows no key');
  return key;
}

async function command(environment: Record<string, string>, args: readonly string[]): Promise<string> {
  const { code, output } = await runToEnd(environment, ['commands/api-keys.js', ...args]);
  if (code !== 0) throw new Error(`the command fails: ${output}`);
  return output;
}

const prefixOf = (key: string): string => key.split('_')[1] ?? '';

const randomText = (length: number): string => randomBytes(length).toString('hex').slice(0, length);
