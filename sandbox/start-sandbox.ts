import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { problem } from './response.js';
import { send } from './api/call.js';
import { addApi } from './api/routes.js';
import { addControl } from './control/routes.js';
import { FaultQueue } from './fault-queue.js';
import { addHostedPage } from './hosted-page.js';
import { Journal } from './journal.js';
import type { Parts } from './parts.js';
import { Payments } from './payments.js';
import { State } from './state.js';
import { defaultSwitches, type Switches } from './switches.js';
import { Webhooks } from './webhooks/webhooks.js';

/** A running sandbox. */
export interface Sandbox {
  url: string;
  /** Stops the sandbox and closes its connections. */
  close(): Promise<void>;
}

/** Starts a sandbox on 127.0.0.1, independent of any other. Port 0 takes a free port. Rejects if the port is in use. */
export async function startSandbox(switches: Partial<Switches> = {}, port = 4010): Promise<Sandbox> {
  const parts = makeParts({ ...defaultSwitches, ...switches });
  const app = Fastify({
    bodyLimit: 64 * 1024,
    // Calls that hang on purpose would otherwise delay the close.
    forceCloseConnections: true,
    // The documents spell both /sessions/initiate and /Sessions/Initiate, both /app/ and /app.
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true },
  });
  useProblemDetails(app);
  // Each area parses bodies differently, so each gets its own scope.
  for (const add of [addApi, addHostedPage, addControl]) {
    await app.register((scope, _options, done) => {
      add(scope, parts);
      done();
    });
  }
  app.addHook('onClose', async () => {
    parts.payments.clear();
    await parts.webhooks.close();
  });
  const url = await app.listen({ host: '127.0.0.1', port });
  return { url, close: () => app.close() };
}

function makeParts(switches: Switches): Parts {
  const state = new State();
  const webhooks = new Webhooks(switches);
  const payments = new Payments(state, switches, webhooks);
  return { switches, faults: new FaultQueue(), journal: new Journal(), state, webhooks, payments };
}

function useProblemDetails(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    send(reply, problem(error.statusCode ?? 500, error.message));
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `${request.method} ${request.url} is not emulated; the README of the sandbox lists the routes that are.`;
    send(reply, problem(404, detail));
  });
}
