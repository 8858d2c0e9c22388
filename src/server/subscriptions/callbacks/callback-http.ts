import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode, getOperationAST, parse } from 'graphql';
import type { RequestContext } from '../../../resolvers/request-context.js';
import { MAX_TOKENS } from '../../graphql/limits/document-limits.js';
import type { SingleResult } from '../../graphql/operations.js';
import { sendError } from '../../request/error-response.js';
import type { HttpError } from '../../request/error-response.js';
import { requestedOperation } from '../../request/requested-operation.js';
import { PROTOCOL, PROTOCOL_HEADER } from './callback-endpoint.js';
import type { CallbackOperations } from './callback-operations.js';
import type { CallbackSubscriptionManager, RegistrationResult } from './callback-subscription-manager.js';
import { newRegistration, readCallback } from './registration.js';
import type { CallbackOperation } from './registration.js';

/** For subscriptions that could not start. The protocol requires 400 or higher, or the router keeps waiting. */
const STATUSES: Readonly<Record<string, number>> = { SERVICE_UNAVAILABLE: 503, INTERNAL_SERVER_ERROR: 500 };

const REJECTIONS: Readonly<Record<Exclude<RegistrationResult, 'registered'> | 'disabled', HttpError>> = {
  disabled: [
    400,
    'CALLBACK_DISABLED',
    'Callback subscriptions are disabled here: SUBSCRIPTION_CALLBACK_HOSTS is empty.',
  ],
  'not-allowed': [
    400,
    'CALLBACK_NOT_ALLOWED',
    'The host of the callback URL is not in SUBSCRIPTION_CALLBACK_HOSTS, or it resolves to an address that is neither public nor in SUBSCRIPTION_CALLBACK_ALLOWED_CIDRS.',
  ],
  rejected: [400, 'CALLBACK_REFUSED', 'The callback URL did not confirm this subscription.'],
  unreachable: [400, 'CALLBACK_UNREACHABLE', 'The callback URL did not respond.'],
  unavailable: [503, 'SERVICE_UNAVAILABLE', 'The payment database is unavailable. Subscribe again later.'],
  'too-many': [503, 'TOO_MANY_SUBSCRIPTIONS', 'Too many callback subscriptions are open. Subscribe again later.'],
};

/** Starts, registers and delivers callback subscriptions. */
export interface Callbacks {
  readonly subscriptions: Pick<CallbackSubscriptionManager, 'isAllowed' | 'register'>;
  readonly operations: Pick<CallbackOperations, 'start'>;
}

/** The subscription of a POST that asks for callbacks. Queries and mutations are executed as without that extension. */
export function callbackOperationIn(request: FastifyRequest): CallbackOperation | undefined {
  if (request.method !== 'POST') return undefined;
  const operation = requestedOperation(request);
  if (operation?.extensions?.subscription == null) return undefined;
  const { query, operationName } = operation;
  // A document that is sent by its hash would have to be stored in full.
  if (typeof query !== 'string') return undefined;
  try {
    const requested = getOperationAST(parse(query, { noLocation: true, maxTokens: MAX_TOKENS }), operationName);
    return requested?.operation === OperationTypeNode.SUBSCRIPTION ? { ...operation, query } : undefined;
  } catch {
    // Apollo Server reports a document that cannot be parsed.
    return undefined;
  }
}

/** The endpoint of Apollo's HTTP callback protocol with which routers start subscriptions. */
export class CallbackHttp {
  constructor(
    private readonly callbacks: Callbacks | undefined,
    private readonly createContext: (request: FastifyRequest) => RequestContext,
  ) {}

  /** Starts and registers the subscription, and sends the response. */
  async respond(request: FastifyRequest, reply: FastifyReply, operation: CallbackOperation): Promise<FastifyReply> {
    const { callbacks } = this;
    if (callbacks === undefined) return sendError(reply, ...REJECTIONS.disabled);
    const callback = readCallback(operation.extensions?.subscription);
    if (typeof callback === 'string') return sendError(reply, 400, 'BAD_REQUEST', callback);
    if (!callbacks.subscriptions.isAllowed(callback)) return sendError(reply, ...REJECTIONS['not-allowed']);
    const registration = newRegistration(callback, operation, this.createContext(request));
    const started = await callbacks.operations.start(registration, request.log);
    if (!('next' in started)) return sendResult(reply, started);
    const registered = await callbacks.subscriptions.register(registration, started, request.log);
    if (registered !== 'registered') return sendError(reply, ...REJECTIONS[registered]);
    return reply.header(PROTOCOL_HEADER, PROTOCOL).type('application/json; charset=utf-8').send('{"data":null}');
  }
}

/** Uses GraphQL's own media type: with `application/json` clients ignore the status of a well-formed response. */
function sendResult(reply: FastifyReply, outcome: SingleResult): FastifyReply {
  const code = outcome.result.errors?.[0]?.extensions?.code;
  const status = outcome.kind === 'result' ? outcome.http.status : undefined;
  return reply
    .code(status ?? STATUSES[String(code)] ?? 400)
    .type('application/graphql-response+json; charset=utf-8')
    .send(JSON.stringify(outcome.result));
}
