import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isPayable } from '../amounts.js';
import type { Session, State } from '../state.js';
import { controlError } from './checked.js';

const text = z.string().trim().min(1, 'must not be empty');
const time = z.iso.datetime({ offset: true }).transform((given) => new Date(given).toISOString());

const givenSession = z
  .strictObject({
    sessionId: text.optional(),
    requestId: text.optional(),
    referenceId: text,
    amount: z.string().refine(isPayable, 'must be a text such as "250.10", greater than zero'),
    customerName: text,
    customerEmail: z.email(),
    userId: text.optional(),
    startedBy: z.enum(['initiate', 'sendrequest']).default('initiate'),
    status: text,
    statusDetails: text.optional(),
    createdAt: time.optional(),
    changedAt: time.optional(),
  })
  .transform(({ sessionId = randomUUID(), requestId = randomUUID(), ...given }) => {
    const { userId = given.referenceId, createdAt = new Date().toISOString() } = given;
    return { ...given, sessionId, requestId, userId, createdAt, changedAt: given.changedAt ?? createdAt };
  })
  .refine(({ createdAt, changedAt }) => createdAt <= changedAt, {
    path: ['changedAt'],
    error: 'must not be before createdAt',
  });

/** The body of `POST /sandbox/sessions`: payments with any status and any history. */
export const givenSessionsSchema = z.array(givenSession);

type GivenSession = z.infer<typeof givenSession>;

/** Adds given payments, all or none, without sending webhooks about them. Returns their ids. */
export function addGivenSessions(state: State, given: GivenSession[]): { sessionId: string; requestId: string }[] {
  requireNew(given, 'sessionId', state.sessions);
  requireNew(given, 'requestId', state.sessionsByRequest);
  for (const each of given) addGivenSession(state, each);
  return given.map(({ sessionId, requestId }) => ({ sessionId, requestId }));
}

function requireNew(
  given: GivenSession[],
  field: 'sessionId' | 'requestId',
  known: ReadonlyMap<string, Session>,
): void {
  const ids = new Set(given.map((each) => each[field]));
  if (ids.size === given.length && ![...ids].some((id) => known.has(id))) return;
  throw controlError(409, `A ${field} of the list already exists or occurs twice; nothing was added.`);
}

function addGivenSession(state: State, given: GivenSession): void {
  const { requestId, status, statusDetails, createdAt: startedAt, changedAt: at, ...details } = given;
  const session: Session = { ...details, startedAt, clientUrls: [] };
  state.sessions.set(session.sessionId, session);
  const { earlier } = state.addPaymentRequest(session, { status, statusDetails, at }, requestId);
  if (status !== 'Initiated') earlier.push({ status: 'Initiated', at: startedAt });
}
