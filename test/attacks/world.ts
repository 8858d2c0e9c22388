import { request } from 'undici';
import type { Scope } from '../../src/domain/api-client.js';
import type { IdentityProvider } from '../support/identity-provider.js';
import type { TestGateway } from '../support/gateway.js';
import type { PaymentInput } from '../support/payments.js';
import type { TestRouter } from '../support/router.js';
import type { TestSandbox } from '../support/sandbox.js';
import type { ApiKeys } from './api-keys.js';
import type { Browsers } from './browsers.js';
import type { HiddenServer } from './hidden-server.js';
import { told } from './responses.js';

/** Whose payment attackers are after. */
export interface Victim {
  readonly id: string;
  readonly cursor: string;
  readonly input: PaymentInput;
  readonly authorization: string;
  /** Of the payment; whoever else is told one of these was told too much. */
  readonly secrets: readonly string[];
}

/** What is there besides the gateway. */
export interface Surroundings {
  readonly sandbox: TestSandbox;
  readonly identity: IdentityProvider;
  readonly router: TestRouter;
  readonly hidden: HiddenServer;
  readonly victim: Victim;
  readonly keys: ApiKeys;
  readonly browsers: Browsers;
}

export interface How {
  /** Headers beside or in place of those that a well-behaved client sends; undefined: none of that name. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
  readonly path?: string;
}

export interface Exchange {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const LONGEST_ANSWER_MS = 5_000;

/** What an attack has in hand: a gateway, headers that it lets pass, and what stands around. */
export class World {
  constructor(
    readonly gateway: TestGateway,
    /** Of a caller who is known to this gateway and has nothing to do with the victim. */
    readonly known: (body: string) => Readonly<Record<string, string>>,
    readonly around: Surroundings,
  ) {}

  get victim(): Victim {
    return this.around.victim;
  }

  /** The header of a caller of this name with these scopes. */
  bearer(scopes: readonly Scope[], sub = 'mallory'): Promise<string> {
    return this.around.identity.bearer({ sub, scope: scopes.join(' ') });
  }

  /** Posts a body, as JSON unless it is text, as the known caller unless the headers say otherwise. */
  async exchange(body: unknown, how: How = {}): Promise<Exchange> {
    const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { method = 'POST', path = '/graphql', headers } = how;
    const usual = { 'content-type': 'application/json', ...this.known(String(text)) };
    try {
      const answer = await request(`${this.gateway.url}${path}`, {
        method,
        headers: { ...usual, ...headers },
        body: text ?? null,
        signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } catch (error) {
      return { status: undefined, headers: {}, text: describe(error) };
    }
  }

  /** As `exchange`: what came of it in words. */
  async ask(body: unknown, how: How = {}): Promise<string> {
    return this.tell(await this.exchange(body, how));
  }

  /** Asks by an address. */
  get(parameters: Record<string, string>, headers: How['headers'] = {}): Promise<string> {
    const path = `/graphql?${new URLSearchParams(parameters).toString()}`;
    return this.ask(undefined, { method: 'GET', path, headers: { 'content-type': undefined, ...headers } });
  }

  tell({ status, text }: Exchange): string {
    if (status === undefined) return text;
    return told(status, text, this.victim.secrets);
  }
}

function describe(error: unknown): string {
  const { name, code = name } = error as Error & { code?: string };
  return code === 'TimeoutError' ? 'never ends' : 'closed';
}
