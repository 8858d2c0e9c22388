import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { json, problem, type Answer } from '../answer.js';
import { spoil } from '../faults.js';
import type { Endpoint, Verdict } from '../journal.js';
import type { Parts } from '../parts.js';
import { Refusal } from '../refusal.js';
import type { Session } from '../state.js';

export interface ApiCall {
  headers: IncomingHttpHeaders;
  body: string;
  /** The id in the path: of a payment request or a session, empty where the path has none. */
  id: string;
  /** Where the caller reached the sandbox, such as `http://127.0.0.1:4010`; links start with it. */
  origin: string;
}

/** The rule of one endpoint: judges the call, changes the state, and throws a Refusal to turn it down. */
export type Work = (call: ApiCall, parts: Parts) => { body: object; session?: Session };

interface Outcome {
  result: Verdict;
  answer: Answer;
  session?: Session | undefined;
  detail?: string;
}

export function readCall(request: FastifyRequest): ApiCall {
  const { id = '' } = request.params as { id?: string };
  const body = typeof request.body === 'string' ? request.body : '';
  return { headers: request.headers, body, id, origin: `${request.protocol}://${request.host}` };
}

/** Does the work with the latency and the fault that are due, and writes one journal entry. */
export async function answerCall(endpoint: Endpoint, work: Work, call: ApiCall, parts: Parts) {
  const fault = parts.faults.take((candidate) => candidate.endpoint === endpoint);
  const early = fault?.when === 'before-work' ? fault : undefined;
  const late = fault?.when === 'after-work' ? fault : undefined;
  await wait(parts.switches.latencyMs + (early?.delayMs ?? 0));
  const outcome = early === undefined || early.kind === 'slow' ? perform(work, call, parts) : undefined;
  const answer = spoil(fault, outcome?.answer);
  parts.journal.record({
    endpoint,
    result: outcome?.result ?? 'fault',
    status: typeof answer === 'string' ? null : answer.status,
    detail: outcome?.detail,
    fault: fault?.kind,
    referenceId: outcome?.session?.referenceId,
    amount: outcome?.session?.amount,
  });
  await wait(late?.delayMs ?? 0);
  return answer;
}

function perform(work: Work, call: ApiCall, parts: Parts): Outcome {
  try {
    const { body, session } = work(call, parts);
    return { result: 'ok', answer: json(body), session };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, result: verdict, message } = error;
    return { result: verdict, answer: problem(status, message), detail: message };
  }
}

export function send(reply: FastifyReply, answer: Answer | 'cut' | 'hang'): FastifyReply {
  if (typeof answer === 'string') {
    reply.hijack();
    if (answer === 'cut') reply.raw.destroy();
    return reply;
  }
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
  return reply.code(answer.status).type(answer.contentType).send(answer.body);
}

async function wait(milliseconds: number): Promise<void> {
  // Without ref the wait does not hold up the end of the program.
  if (milliseconds > 0) await delay(milliseconds, undefined, { ref: false });
}
