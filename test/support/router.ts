import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { print } from 'graphql';
import { PaymentSessionUpdatedDocument } from '../../client/src/generated/operations.js';
import type { GraphQLResponse, TestGateway } from './gateway.js';
import { close, listen, portOf } from './loopback.js';
import { until } from './until.js';

export interface CallbackMessage {
  readonly kind: string;
  readonly action: 'check' | 'next' | 'complete';
  readonly id: string;
  readonly verifier: string;
  readonly payload?: { readonly data?: { readonly paymentSessionUpdated: { readonly status: string } } };
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** A subscription of the router, with the messages that it has received. */
export class RouterSubscription {
  readonly id = randomUUID();
  readonly verifier = randomUUID();
  readonly messages: CallbackMessage[] = [];
  /** The number of messages without a response. */
  inFlight = 0;
  /** The highest value of `inFlight` so far. */
  maxInFlight = 0;
  isOpen = true;
  /** Called with each accepted message. */
  onMessage: (message: CallbackMessage) => void = () => undefined;

  constructor(readonly callbackUrl: string) {}

  get statuses(): unknown[] {
    return this.messagesOf('next').map(({ payload }) => payload?.data?.paymentSessionUpdated.status);
  }

  messagesOf(action: CallbackMessage['action']): CallbackMessage[] {
    return this.messages.filter((message) => message.action === action);
  }

  async received(status: string): Promise<void> {
    await until(() => this.statuses.at(-1) === status);
  }

  async ended(): Promise<void> {
    await until(() => this.messagesOf('complete').length > 0);
  }
}

/** Speaks the router's side of Apollo's HTTP callback protocol. */
export class TestRouter {
  readonly #subscriptions = new Map<string, RouterSubscription>();
  readonly headers: IncomingMessage['headers'][] = [];
  /** If set, it may respond to a message. Otherwise the router responds. */
  respond: ((message: CallbackMessage, response: ServerResponse) => Promise<void> | void) | undefined;

  readonly #server = createServer((request, response) => void this.#receive(request, response));

  async start(): Promise<this> {
    await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    await close(this.#server);
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** The entry of this router in `SUBSCRIPTION_CALLBACK_HOSTS`. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Subscribes to a payment at a gateway, with callbacks to this router. */
  async subscribe(
    gateway: Pick<TestGateway, 'post'>,
    paymentId: string,
    change: Record<string, unknown> = {},
  ): Promise<{ subscription: RouterSubscription; response: GraphQLResponse<unknown> }> {
    const subscription = this.open();
    const request = requestOf(subscription, paymentId, change);
    const response = await gateway.post(request, { accept: 'application/json;callbackSpec=1.0' });
    return { subscription, response };
  }

  open(): RouterSubscription {
    const subscription = new RouterSubscription(`http://${this.host}/callback/${this.#subscriptions.size}`);
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    const chunks = (await request.toArray()) as Buffer[];
    const message = JSON.parse(Buffer.concat(chunks).toString()) as CallbackMessage;
    const subscription = this.#subscriptions.get(message.id);
    if (subscription === undefined) {
      response.writeHead(404).end();
      return;
    }
    subscription.inFlight += 1;
    subscription.maxInFlight = Math.max(subscription.maxInFlight, subscription.inFlight);
    response.once('close', () => (subscription.inFlight -= 1));
    if (this.respond !== undefined) await this.respond(message, response);
    if (!response.writableEnded && !response.destroyed) this.#accept(message, subscription, response);
  }

  /** Responds with the statuses of Apollo Router. */
  #accept(message: CallbackMessage, subscription: RouterSubscription, response: ServerResponse): void {
    if (message.verifier !== subscription.verifier) response.writeHead(401).end();
    else if (!subscription.isOpen) response.writeHead(404).end();
    else {
      subscription.messages.push(message);
      const status = { check: 204, next: 200, complete: 202 }[message.action];
      if (message.action === 'complete') subscription.isOpen = false;
      subscription.onMessage(message);
      response.writeHead(status, { 'subscription-protocol': 'callback/1.0' }).end();
    }
  }
}

/** The request of a router, with the given changes to its extension. */
export function requestOf(
  { callbackUrl, id: subscriptionId, verifier }: RouterSubscription,
  paymentId: string,
  change: Record<string, unknown> = {},
): object {
  const subscription = { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs: 0, ...change };
  return {
    query: print(PaymentSessionUpdatedDocument),
    variables: { id: paymentId },
    extensions: { subscription },
  };
}
