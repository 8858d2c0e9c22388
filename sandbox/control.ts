import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { addControlPages } from './control-pages.js';
import { faultSchema } from './faults.js';
import type { Parts } from './parts.js';
import type { Session } from './state.js';
import { problemsOf, switchesSchema } from './switches.js';

/** Routes by which a test or a person looks into the sandbox and steers it. */
export function addControl(app: FastifyInstance, parts: Parts): void {
  const { switches, faults, journal, state } = parts;
  app.get('/sandbox/journal', () => journal.report());
  app.get('/sandbox/sessions', () => [...state.sessions.values()].map(overview));
  app.get('/sandbox/tokens', () => [...state.tokens].map(([token, details]) => ({ token, ...details })));
  app.get('/sandbox/switches', () => switches);
  app.patch('/sandbox/switches', (request) => Object.assign(switches, checked(switchesSchema.partial(), request.body)));
  app.get('/sandbox/faults', () => faults.list());
  app.post('/sandbox/faults', (request) => {
    faults.add(checked(faultSchema, request.body));
    return faults.list();
  });
  app.delete('/sandbox/faults', () => {
    faults.clear();
    return faults.list();
  });
  app.post('/sandbox/reset', (_request, reply) => {
    state.clear();
    journal.clear();
    faults.clear();
    return reply.code(204).send();
  });
  addControlPages(app, state);
}

function overview({ paymentRequest, ...session }: Session) {
  return { ...session, requestId: paymentRequest?.requestId ?? null, status: paymentRequest?.status ?? null };
}

function checked<Value>(schema: z.ZodType<Value>, body: unknown): Value {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw Object.assign(new Error(`Correct these and send it again: ${problemsOf(read.error)}`), { statusCode: 400 });
}
