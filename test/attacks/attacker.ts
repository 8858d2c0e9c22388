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
import { summarize } from './responses.js';

/** A client whose payment attackers want to reach. */
export interface Victim {
  /** The id of the payment. */
  readonly id: string;
  readonly cursor: string;
  readonly input: PaymentInput;
  readonly authorization: string;
  /** Parts of the payment that no other client may receive. */
  readonly secrets: readonly string[];
}

/** The services and clients that attacks use besides the gateway. */
export interface Fixtures {
  readonly sandbox: TestSandbox;
  readonly identityProvider: IdentityProvider;
  readonly router: TestRouter;
  readonly hiddenServer: HiddenServer;
  readonly victim: Victim;
  readonly apiKeys: ApiKeys;
  readonly browsers: Browsers;
}

export interface RequestOptions {
  /** Headers that are added to those of a well-behaved client, or replace them; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
  readonly path?: string;
}

export interface RawResponse {
  /** Undefined if no response arrived. `text` then contains the error. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const RESPONSE_TIMEOUT_MS = 5_000;

/** Sends requests to one gateway. */
export class Attacker {
  constructor(
    readonly gateway: TestGateway,
    /** Headers of a client of this gateway that is unrelated to the victim. */
    readonly credentials: Readonly<Record<string, string>>,
    readonly fixtures: Fixtures,
  ) {}

  get victim(): Victim {
    return this.fixtures.victim;
  }

  /** The authorization header of the client `sub` with these scopes. */
  bearer(scopes: readonly Scope[], sub = 'mallory'): Promise<string> {
    return this.fixtures.identityProvider.bearer({ sub, scope: scopes.join(' ') });
  }

  /** Posts a body, as JSON unless it is text, with the attacker's credentials unless the headers replace them. */
  async request(body: unknown, options: RequestOptions = {}): Promise<RawResponse> {
    const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { method = 'POST', path = '/graphql', headers } = options;
    const defaults = { 'content-type': 'application/json', ...this.credentials };
    try {
      const response = await request(`${this.gateway.url}${path}`, {
        method,
        headers: { ...defaults, ...headers },
        body: text ?? null,
        signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
      });
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    } catch (error) {
      return { status: undefined, headers: {}, text: reasonOf(error) };
    }
  }

  /** Sends a request like `request`, but resolves to a summary of the response. */
  async send(body: unknown, options: RequestOptions = {}): Promise<string> {
    return this.summarize(await this.request(body, options));
  }

  /** Sends a GraphQL request by GET, with its members as query parameters. */
  get(parameters: Record<string, string>, headers: RequestOptions['headers'] = {}): Promise<string> {
    return this.getPath(`/graphql?${new URLSearchParams(parameters).toString()}`, headers);
  }

  /** Sends a GET request without a body. */
  getPath(path: string, headers: RequestOptions['headers'] = {}): Promise<string> {
    return this.send(undefined, { method: 'GET', path, headers: { 'content-type': undefined, ...headers } });
  }

  summarize({ status, text }: RawResponse): string {
    if (status === undefined) return text;
    return summarize(status, text, this.victim.secrets);
  }
}

function reasonOf(error: unknown): string {
  const { name, code = name } = error as Error & { code?: string };
  return code === 'TimeoutError' ? 'no response' : 'connection closed';
}
