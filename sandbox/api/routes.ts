import type { FastifyError, FastifyInstance, HTTPMethods } from 'fastify';
import { problem } from '../answer.js';
import type { Endpoint } from '../journal.js';
import type { Parts } from '../parts.js';
import { authorize } from './authorize.js';
import { answerCall, readCall, send, type Work } from './call.js';
import { activate, lookup } from './payment-requests.js';
import { cancel, details } from './sessions-v2.js';
import { initiate, sendRequest } from './sessions.js';

const routes: { endpoint: Endpoint; method: HTTPMethods; url: string; work: Work }[] = [
  { endpoint: 'authorize', method: 'POST', url: '/api/v1/authorize', work: authorize },
  { endpoint: 'initiate', method: 'POST', url: '/api/v1/sessions/initiate', work: initiate },
  { endpoint: 'sendrequest', method: 'POST', url: '/api/v1/sessions/sendrequest', work: sendRequest },
  { endpoint: 'activate', method: 'POST', url: '/api/v1/paymentrequests', work: activate },
  { endpoint: 'lookup', method: 'GET', url: '/api/v1/paymentrequests/:id', work: lookup },
  { endpoint: 'details', method: 'GET', url: '/api/v2/sessions/:id/details', work: details },
  { endpoint: 'cancel', method: 'POST', url: '/api/v2/sessions/:id/cancel', work: cancel },
];

export function addApi(app: FastifyInstance, parts: Parts): void {
  keepRawBodies(app);
  countCallsUnderWay(app, parts);
  for (const { endpoint, method, url, work } of routes) {
    app.route({
      method,
      url,
      handler: async (request, reply) => send(reply, await answerCall(endpoint, work, readCall(request), parts)),
      errorHandler: (error, _request, reply) => {
        send(reply, unreadable(endpoint, error, parts));
      },
    });
  }
}

/** The text of the amount and the judgement of the content type both need the body as it came. */
function keepRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
}

function countCallsUnderWay(app: FastifyInstance, { journal }: Parts): void {
  app.addHook('onRequest', (request, reply, done) => {
    journal.begin(request);
    reply.raw.once('close', () => journal.end(request));
    done();
  });
  // A caller may have the answer and ask again before the connection reports this one closed.
  app.addHook('onSend', (request, _reply, payload, done) => {
    journal.end(request);
    done(null, payload);
  });
}

/** A body that could not be taken in at all: too long, cut short, or with a content type that is none. */
function unreadable(endpoint: Endpoint, error: FastifyError, { journal }: Parts) {
  if (error.statusCode === undefined) throw error;
  const isType = error.statusCode === 415;
  const status = isType ? 400 : error.statusCode;
  const detail = `The body was not taken in: ${error.message}.`;
  journal.record({ endpoint, result: isType ? 'wrong-content-type' : 'malformed-body', status, detail });
  return problem(status, detail);
}
