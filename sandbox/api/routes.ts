import type { FastifyError, FastifyInstance, HTTPMethods } from 'fastify';
import { problem } from '../response.js';
import type { Endpoint } from '../journal.js';
import type { Parts } from '../parts.js';
import { authorize } from './authorize.js';
import { handleCall, readCall, send, type Work } from './call.js';
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

/** Adds the emulated endpoints of Flinks Pay. */
export function addApi(app: FastifyInstance, parts: Parts): void {
  keepRawBodies(app);
  countCallsInFlight(app, parts);
  for (const { endpoint, method, url, work } of routes) {
    app.route({
      method,
      url,
      handler: async (request, reply) => send(reply, await handleCall(endpoint, work, readCall(request), parts)),
      errorHandler: (error, _request, reply) => {
        send(reply, unreadable(endpoint, error, parts));
      },
    });
  }
}

/** The text of the amount and the check of the content type both need the body as received. */
function keepRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
}

function countCallsInFlight(app: FastifyInstance, { journal }: Parts): void {
  app.addHook('onRequest', (request, reply, done) => {
    journal.begin(request);
    reply.raw.once('close', () => journal.end(request));
    done();
  });
  // A client may have the response and send its next call before the connection reports this one closed.
  app.addHook('onSend', (request, _reply, payload, done) => {
    journal.end(request);
    done(null, payload);
  });
}

/** The response to a body that could not be read at all: too long, cut off, or with an invalid content type. */
function unreadable(endpoint: Endpoint, error: FastifyError, { journal }: Parts) {
  if (error.statusCode === undefined) throw error;
  const isType = error.statusCode === 415;
  const status = isType ? 400 : error.statusCode;
  const detail = `The body could not be read: ${error.message}.`;
  journal.record({ endpoint, result: isType ? 'wrong-content-type' : 'malformed-body', status, detail });
  return problem(status, detail);
}
