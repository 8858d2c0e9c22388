import { TestGateway } from './gateway.js';

/** Gateways that end together, whatever became of them. */
export class Fleet {
  readonly #started: TestGateway[] = [];

  async start(flinksUrl: string, environment: Record<string, string> = {}): Promise<TestGateway> {
    // The sandbox forgets no token here, so nothing is to be found out.
    const gateway = await new TestGateway().start(flinksUrl, { FLINKS_TOKEN_POLICY: 'reusable', ...environment });
    this.#started.push(gateway);
    return gateway;
  }

  /** Of all that was ever started. */
  get output(): string {
    return this.#started.map(({ output }) => output).join('');
  }

  async end(): Promise<void> {
    await Promise.all(this.#started.map((gateway) => gateway.kill()));
  }
}
