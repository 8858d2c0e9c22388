import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { PROGRAM_ENVIRONMENT } from './processes.js';
import { started } from './started.js';
import { until } from './until.js';

const PROGRAMS = new URL('../../dist/', import.meta.url);

export interface GraphQLResponse<T> {
  readonly status: number;
  readonly requestId: string | null;
  readonly data?: T;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** `node dist/main.js` as a separate process. It can start again after it has ended. */
export class TestGateway {
  #process:
    { readonly child: ChildProcess; readonly output: readonly string[]; readonly closed: Promise<unknown> } | undefined;
  #url: string | undefined;

  /** Resolves when the gateway accepts requests; rejects if it ends before that. */
  async start(flinksUrl: string, environment: Readonly<Record<string, string>> = {}): Promise<this> {
    const { child, output } = run({ FLINKS_BASE_URL: flinksUrl, ...environment });
    this.#process = { child, output, closed: once(child, 'close') };
    this.#url = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', () => {
        const found = /listening on (http:[^"]+)\/graphql/.exec(output.join(''));
        if (found?.[1] !== undefined) resolve(found[1]);
      });
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${String(code)}: ${output.join('')}`)));
    });
    return this;
  }

  get url(): string {
    return started(this.#url, 'gateway');
  }

  /** Runs a typed document. */
  run<T, V>(document: TypedDocumentNode<T, V>, variables: V): Promise<GraphQLResponse<T>> {
    return this.post<T>({ query: print(document), variables });
  }

  /** Posts any JSON body to /graphql. */
  async post<T = Record<string, unknown>>(
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<GraphQLResponse<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const result = (await response.json()) as Pick<GraphQLResponse<T>, 'data' | 'errors'>;
    return { ...result, status: response.status, requestId: response.headers.get('x-request-id') };
  }

  async get(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(this.url + path);
    return { status: response.status, body: await response.text() };
  }

  /** The output since the last start. */
  get output(): string {
    return started(this.#process, 'gateway').output.join('');
  }

  /** Resolves when the output contains a text. Output may arrive later than the response that it belongs to. */
  async logged(text: string): Promise<void> {
    await until(() => this.output.includes(text));
  }

  get pid(): number {
    return started(this.#process?.child.pid, 'gateway');
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.child.kill(signal);
  }

  /** Resolves with the exit code when the process has ended and all its output has arrived. */
  async ended(): Promise<number | null> {
    await this.#process?.closed;
    return this.#process?.child.exitCode ?? null;
  }

  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.ended();
  }

  /** Ends the process as a crash would, even while it is paused. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }
}

/** Most tests count calls to Flinks, so the gateway must not poll during them. */
const RARE_LOOKUPS = { STATUS_STALE_AFTER: '10m' };

/** Most tests create many payments for one payer. */
const UNLIMITED = {
  RATE_LIMIT_PAYMENTS_PER_CLIENT: 'off',
  RATE_LIMIT_EMAILS_PER_PAYER: 'off',
  RATE_LIMIT_AMOUNT_PER_PAYER: 'off',
};

/**
 * Starts a program, by default the gateway. Its environment consists of this one and the defaults of tests. `input` is its
 * standard input.
 */
export function run(
  environment: Record<string, string>,
  [program, ...args]: readonly [program: string, ...args: string[]] = ['main.js'],
  input = '',
): { child: ChildProcess; output: string[] } {
  const defaults = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'trace',
    DATABASE_URL: 'sqlite::memory:',
    ...RARE_LOOKUPS,
    ...UNLIMITED,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, PROGRAMS)), ...args], {
    env: { ...PROGRAM_ENVIRONMENT, ...defaults, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A program that does not read its input may have ended already.
  child.stdin.on('error', () => undefined).end(input);
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  return { child, output };
}

/** Runs a program to its end: the gateway with an environment that it rejects, or a command. */
export async function runToEnd(
  environment: Record<string, string>,
  command?: readonly [program: string, ...args: string[]],
): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(environment, command);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output.join('') };
}
