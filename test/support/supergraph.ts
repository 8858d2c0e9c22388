import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { GraphQLResponse } from './gateway.js';
import { close, listen, portOf } from './loopback.js';
import { PROGRAM_ENVIRONMENT } from './processes.js';

const EXAMPLE = new URL('../../examples/supergraph/', import.meta.url);

/** A program of examples/supergraph, on a separate port. */
export class ExampleProgram {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly chunks: readonly string[],
  ) {}

  static async start(file: string, environment: Record<string, string> = {}): Promise<ExampleProgram> {
    const env = { ...PROGRAM_ENVIRONMENT, PORT: '0', ...environment };
    const child = spawn(process.execPath, [fileURLToPath(new URL(file, EXAMPLE))], { env, stdio: 'pipe' });
    const chunks: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        chunks.push(chunk.toString());
        const found = /^\w+: (http:\S+)$/m.exec(chunks.join(''));
        if (found?.[1] !== undefined) resolve(found[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => reject(new Error(chunks.join(''))));
    });
    return new ExampleProgram(child, url, chunks);
  }

  /** Posts an operation, as clients of a supergraph do. */
  async post<T = Record<string, unknown>>(
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<GraphQLResponse<T>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const result = (await response.json()) as Pick<GraphQLResponse<T>, 'data' | 'errors'>;
    return { ...result, status: response.status, requestId: response.headers.get('x-request-id') };
  }

  /** The output so far. */
  get output(): string {
    return this.chunks.join('');
  }

  /** Starts Hive Gateway with changed settings. */
  static startHive(environment: Record<string, string>, changes: object): Promise<ExampleProgram> {
    const file = '../../test/supergraph/changed-hive-gateway.mjs';
    return ExampleProgram.start(file, { ...environment, CHANGES: JSON.stringify(changes) });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Starts a server on loopback. The test must close it. */
export async function serve(listener: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(listener);
  await listen(server);
  return { url: `http://127.0.0.1:${portOf(server)}/graphql`, close: () => close(server) };
}
