import type { FastifyError, FastifyReply } from 'fastify';

/** Answers with an `errors[]` of the HTTP edge itself, in the shape of all others. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const errors = [{ message, extensions: { code, requestId: reply.request.id } }];
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ errors }));
}

interface GraphQLBody {
  errors: { extensions?: Record<string, unknown> }[];
}

/** Puts the request id into every error of a GraphQL answer. Apollo writes `errors` first, so most answers are not parsed. */
export function withRequestId(body: unknown, requestId: string): unknown {
  if (typeof body !== 'string' || !body.startsWith('{"errors":')) return body;
  const answer = JSON.parse(body) as GraphQLBody;
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId };
  return JSON.stringify(answer);
}

/** What Fastify found wrong with a request, in words that repeat nothing of it. */
export function requestProblem(error: FastifyError): { status: number; message: string } | undefined {
  switch (error.statusCode) {
    case 400:
      return { status: 400, message: 'The body is not valid JSON.' };
    case 413:
      return { status: 413, message: 'The body is too large.' };
    case 415:
      return { status: 415, message: 'Send content-type: application/json.' };
    default:
      return undefined;
  }
}
