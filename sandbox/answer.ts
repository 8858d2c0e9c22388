import { STATUS_CODES } from 'node:http';

/** One HTTP answer, kept as text so that a fault can spoil it after the work is done. */
export interface Answer {
  status: number;
  contentType: string;
  body: string;
  retryAfterSeconds?: number | undefined;
}

export function json(body: object): Answer {
  return { status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

/** ProblemDetails (RFC 9457); `detail` is a sentence that tells the caller what to do. */
export function problem(status: number, detail: string): Answer {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    status,
    contentType: 'application/problem+json; charset=utf-8',
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}
