import { STATUS_CODES } from 'node:http';

/** One HTTP response, kept as text so that a fault can damage it after the work is done. */
export interface HttpResponse {
  status: number;
  contentType: string;
  body: string;
  retryAfterSeconds?: number | undefined;
}

/** A 200 response with a JSON body. */
export function json(body: object): HttpResponse {
  return { status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

/** A ProblemDetails response (RFC 9457). `detail` is a sentence that says what to do. */
export function problem(status: number, detail: string): HttpResponse {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    status,
    contentType: 'application/problem+json; charset=utf-8',
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}
