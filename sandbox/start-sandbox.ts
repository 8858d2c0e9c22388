import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { problem } from './answer.js';
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

export interface Sandbox {
  url: string;
  close(): Promise<void>;
}

/** Starts a sandbox of its own on 127.0.0.1. In: port 0 takes a free one. Rejects when the port is taken. */
export async function startSandbox(switches: Partial<Switches> = {}, port = 4010): Promise<Sandbox> {
  const parts = makeParts({ ...defaultSwitches, ...switches });
  const app = Fastify({
    bodyLimit: 64 * 1024,
    // Calls that hang on purpose would otherwise hold up the close.
    forceCloseConnections: true,
    // The documents write both /sessions/initiate and /Sessions/Initiate, both /app/ and /app.
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true },
  });
  answerInProblemDetails(app);
  // Each area reads bodies in its own way, so each gets a scope of its own.
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

function answerInProblemDetails(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    send(reply, problem(error.statusCode ?? 500, error.message));
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `${request.method} ${request.url} is not imitated; the README of the sandbox lists what is.`;
    send(reply, problem(404, detail));
  });
}
