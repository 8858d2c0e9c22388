import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode, getOperationAST, parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import { PROTOCOL, PROTOCOL_HEADER } from './callback-endpoint.js';
import type { CallbackSubscriptionManager, RegistrationResult } from './callback-subscription-manager.js';
import { readCallback } from './callback.js';
import { newRegistration } from './registration.js';
import type { ContextForRequest } from '../../request/context.js';
import { sendError } from '../../request/error-response.js';
import { MAX_TOKENS } from '../../graphql/limits/document-limits.js';
import type { CallbackOperations } from './callback-operations.js';
import type { OperationResult } from '../../graphql/operations.js';
import { requestedOperation } from '../../request/requested-operation.js';
import type { RequestedOperation } from '../../request/requested-operation.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Of subscriptions that did not begin; the protocol wants a status of 400 and more, or the router goes on waiting. */
const STATUSES: Readonly<Record<string, number>> = { SERVICE_UNAVAILABLE: 503, INTERNAL_SERVER_ERROR: 500 };

type CallbackRejection = readonly [status: number, code: string, message: string];

const NOT_ALLOWED: CallbackRejection = [
  400,
  'CALLBACK_NOT_ALLOWED',
  'The callback URL is of no host that SUBSCRIPTION_CALLBACK_HOSTS names, or its host stands for no public address nor one of SUBSCRIPTION_CALLBACK_ALLOWED_CIDRS.',
];

const REJECTIONS: Readonly<Record<Exclude<RegistrationResult, 'registered'>, CallbackRejection>> = {
  'not-allowed': NOT_ALLOWED,
  refused: [400, 'CALLBACK_REFUSED', 'The callback URL does not confirm this subscription.'],
  unreachable: [400, 'CALLBACK_UNREACHABLE', 'The callback URL does not answer.'],
  unavailable: [503, 'SERVICE_UNAVAILABLE', 'The store of this gateway does not answer. Subscribe again later.'],
  'too-many': [503, 'TOO_MANY_SUBSCRIPTIONS', 'No more subscriptions by callback are taken for now.'],
};

/** An operation with its document, which is kept. */
type CallbackOperation = RequestedOperation & { readonly query: string };

/** What answers subscriptions that are told by callbacks. */
export interface Callbacks {
  readonly subscriptions: Pick<CallbackSubscriptionManager, 'isAllowed' | 'register'>;
  readonly operations: Pick<CallbackOperations, 'start'>;
}

/** The subscription of a POST that asks to be told by callbacks. Queries and mutations are answered as without that. */
export function callbackOperationIn(request: FastifyRequest): CallbackOperation | undefined {
  if (request.method !== 'POST') return undefined;
  const operation = requestedOperation(request);
  if (operation?.extensions?.subscription == null) return undefined;
  const { query, operationName } = operation;
  // A document that goes by its hash would have to be kept in full.
  if (typeof query !== 'string') return undefined;
  const document = parsed(query);
  if (document === undefined) return undefined;
  const asked = getOperationAST(document, operationName);
  return asked?.operation === OperationTypeNode.SUBSCRIPTION ? { ...operation, query } : undefined;
}

/** A document that cannot be read is for Apollo Server to explain. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch {
    return undefined;
  }
}

/** Apollo's HTTP callback protocol, as routers begin it. */
export class CallbackHttp {
  constructor(
    /** Undefined: no host may be called. */
    private readonly callbacks: Callbacks | undefined,
    private readonly createContext: ContextForRequest,
  ) {}

  async respond(request: FastifyRequest, reply: FastifyReply, operation: CallbackOperation): Promise<FastifyReply> {
    const { callbacks } = this;
    if (callbacks === undefined)
      return sendError(
        reply,
        400,
        'CALLBACK_DISABLED',
        'Subscriptions by callback are switched off here: SUBSCRIPTION_CALLBACK_HOSTS names no host.',
      );
    const callback = readCallback(operation.extensions?.subscription);
    if (typeof callback === 'string') return sendError(reply, 400, 'BAD_REQUEST', callback);
    if (!callbacks.subscriptions.isAllowed(callback)) return sendError(reply, ...NOT_ALLOWED);
    const registration = newRegistration(callback, operation, this.createContext(request));
    const begun = await callbacks.operations.start(registration, request.log);
    if (!('next' in begun)) return sendResult(reply, begun);
    const registered = await callbacks.subscriptions.register(registration, begun, request.log);
    if (registered !== 'registered') return sendError(reply, ...REJECTIONS[registered]);
    return reply.header(PROTOCOL_HEADER, PROTOCOL).type(JSON_TYPE).send('{"data":null}');
  }
}

/** In the media type in which a status says something: in JSON all is well that could be read. */
function sendResult(reply: FastifyReply, answer: Exclude<OperationResult, { kind: 'results' }>): FastifyReply {
  const code = answer.result.errors?.[0]?.extensions?.code;
  const status = answer.kind === 'result' ? answer.http.status : undefined;
  return reply
    .code(status ?? STATUSES[String(code)] ?? 400)
    .type('application/graphql-response+json; charset=utf-8')
    .send(JSON.stringify(answer.result));
}
