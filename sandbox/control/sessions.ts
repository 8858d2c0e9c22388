import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Parts } from '../parts.js';
import type { Session, State } from '../state.js';
import { checked, controlError } from './checked.js';
import { addGivenSessions, givenSessionsSchema } from './given-sessions.js';

const listLimitBytes = 8 * 1024 * 1024;
const moveSchema = z.strictObject({ status: z.string().min(1), statusDetails: z.string().min(1).optional() });

/** Adds the routes that list, add and move sessions. */
export function addSessionRoutes(app: FastifyInstance, { state, payments }: Parts): void {
  app.get('/sandbox/sessions', () => [...state.sessions.values()].map(overview));
  app.post('/sandbox/sessions', { bodyLimit: listLimitBytes }, (request) =>
    addGivenSessions(state, checked(givenSessionsSchema, request.body)),
  );
  app.post('/sandbox/sessions/:sessionId/status', (request) => {
    const { status, statusDetails } = checked(moveSchema, request.body);
    const session = knownSession(state, (request.params as { sessionId: string }).sessionId);
    if (session.paymentRequest === undefined) {
      throw controlError(409, 'This session has no payment request; make one with POST /api/v1/paymentrequests first.');
    }
    payments.moveTo(session, session.paymentRequest, status, statusDetails);
    return overview(session);
  });
}

/** Finds a session. Throws a 404 error if there is none. */
export function knownSession(state: State, sessionId: string): Session {
  const session = state.sessions.get(sessionId);
  if (session !== undefined) return session;
  throw controlError(404, 'No session has this sessionId; GET /sandbox/sessions lists all sessions.');
}

function overview({ paymentRequest, ...session }: Session) {
  const { requestId = null, current } = paymentRequest ?? {};
  return { ...session, requestId, status: current?.status ?? null, statusDetails: current?.statusDetails };
}
