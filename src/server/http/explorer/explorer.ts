import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../../request/error-response.js';
import { GRAPHIQL_POLICY, graphiqlPage, readGraphiql } from './graphiql.js';
import { START_PAGE, START_PAGE_POLICY } from './start-page.js';

const HEADERS = {
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Adds the start page at `/`, and GraphiQL with all of its files. */
export function addExplorer(app: FastifyInstance): void {
  app.get('/', (_request, reply) => sendPage(reply, START_PAGE, START_PAGE_POLICY));
  app.get('/graphiql', async (_request, reply) => sendPage(reply, await graphiqlPage(), GRAPHIQL_POLICY));
  let files: ReturnType<typeof readGraphiql> | undefined;
  app.get<{ Params: { file: string } }>('/graphiql/:file', async (request, reply) => {
    const file = (await (files ??= readGraphiql())).get(request.params.file);
    if (file === undefined) return sendError(reply, 404, 'NOT_FOUND', 'Not found. Open /graphiql.');
    reply.headers({ ...HEADERS, etag: file.etag });
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    return reply.type(file.type).send(file.body);
  });
}

/** Whether a person opened the URL in a browser, as opposed to a program or a page's script. */
export function opensInBrowser({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.startsWith('text/html') === true;
}

function sendPage(reply: FastifyReply, html: string, allowed: readonly string[]): FastifyReply {
  const others = ['img-src data:', "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  const headers = { ...HEADERS, 'content-security-policy': ["default-src 'none'", ...allowed, ...others].join('; ') };
  return reply.headers(headers).type('text/html; charset=utf-8').send(html);
}
