import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { json, problem, type HttpResponse } from '../response.js';
import { applyFault } from '../faults.js';
import type { Endpoint, ResultCode } from '../journal.js';
import type { Parts } from '../parts.js';
import { Rejection } from '../rejection.js';
import type { Session } from '../state.js';

/** One API call, with its body as received. */
export interface ApiCall {
  headers: IncomingHttpHeaders;
  body: string;
  /** The id of a payment request or a session in the path; empty if the path has none. */
  id: string;
  /** The origin under which the client reached the sandbox, such as `http://127.0.0.1:4010`; links start with it. */
  origin: string;
}

/** The rule of one endpoint: checks the call and changes the state, or throws a Rejection to reject the call. */
export type Work = (call: ApiCall, parts: Parts) => { body: object; session?: Session };

interface Outcome {
  result: ResultCode;
  response: HttpResponse;
  session?: Session | undefined;
  detail?: string;
}

/** Reads an API call from a request. */
export function readCall(request: FastifyRequest): ApiCall {
  const { id = '' } = request.params as { id?: string };
  const body = typeof request.body === 'string' ? request.body : '';
  return { headers: request.headers, body, id, origin: `${request.protocol}://${request.host}` };
}

/** Does the work of an endpoint, with the latency and the fault that are due, and writes one journal entry. */
export async function handleCall(endpoint: Endpoint, work: Work, call: ApiCall, parts: Parts) {
  const fault = parts.faults.take((candidate) => candidate.endpoint === endpoint);
  const early = fault?.when === 'before-work' ? fault : undefined;
  const late = fault?.when === 'after-work' ? fault : undefined;
  await wait(parts.switches.latencyMs + (early?.delayMs ?? 0));
  const outcome = early === undefined || early.kind === 'slow' ? perform(work, call, parts) : undefined;
  const response = applyFault(fault, outcome?.response);
  parts.journal.record({
    endpoint,
    result: outcome?.result ?? 'fault',
    status: typeof response === 'string' ? null : response.status,
    detail: outcome?.detail,
    fault: fault?.kind,
    referenceId: outcome?.session?.referenceId,
    amount: outcome?.session?.amount,
  });
  await wait(late?.delayMs ?? 0);
  return response;
}

function perform(work: Work, call: ApiCall, parts: Parts): Outcome {
  try {
    const { body, session } = work(call, parts);
    return { result: 'ok', response: json(body), session };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const { status, result, message } = error;
    return { result, response: problem(status, message), detail: message };
  }
}

/** Sends a response, destroys the connection (`cut`) or leaves it without a response (`hang`). */
export function send(reply: FastifyReply, response: HttpResponse | 'cut' | 'hang'): FastifyReply {
  if (typeof response === 'string') {
    reply.hijack();
    if (response === 'cut') reply.raw.destroy();
    return reply;
  }
  if (response.retryAfterSeconds !== undefined) reply.header('retry-after', response.retryAfterSeconds);
  return reply.code(response.status).type(response.contentType).send(response.body);
}

async function wait(milliseconds: number): Promise<void> {
  // An unreferenced timer does not delay the end of the process.
  if (milliseconds > 0) await delay(milliseconds, undefined, { ref: false });
}
