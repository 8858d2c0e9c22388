import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { print } from 'graphql';
import { PaymentSessionUpdatedDocument } from '../../client/src/generated/operations.js';
import type { GraphQLAnswer, TestGateway } from './gateway.js';
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

/** One subscription of a router's, and what it was told. */
export class RouterSubscription {
  readonly id = randomUUID();
  readonly verifier = randomUUID();
  readonly messages: CallbackMessage[] = [];
  /** Messages that are being answered. */
  underWay = 0;
  /** The most that ever were. */
  mostUnderWay = 0;
  isOpen = true;
  /** Told of each message that is taken. */
  onMessage: (message: CallbackMessage) => void = () => undefined;

  constructor(readonly callbackUrl: string) {}

  get statuses(): unknown[] {
    return this.of('next').map(({ payload }) => payload?.data?.paymentSessionUpdated.status);
  }

  of(action: CallbackMessage['action']): CallbackMessage[] {
    return this.messages.filter((message) => message.action === action);
  }

  async isToldOf(status: string): Promise<void> {
    await until(() => this.statuses.at(-1) === status);
  }

  async isOver(): Promise<void> {
    await until(() => this.of('complete').length > 0);
  }
}

/** Speaks the router's side of Apollo's HTTP callback protocol. */
export class TestRouter {
  readonly #subscriptions = new Map<string, RouterSubscription>();
  readonly headers: IncomingMessage['headers'][] = [];
  /** Answers in its place, or undefined. */
  answer: ((message: CallbackMessage, response: ServerResponse) => Promise<void> | void) | undefined;

  readonly #server = createServer((request, response) => void this.#take(request, response));

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

  /** As `SUBSCRIPTION_CALLBACK_HOSTS` has it. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Asks a gateway to be called back for a payment. */
  async subscribe(
    gateway: Pick<TestGateway, 'post'>,
    paymentId: string,
    change: Record<string, unknown> = {},
  ): Promise<{ subscription: RouterSubscription; answer: GraphQLAnswer<unknown> }> {
    const subscription = this.open();
    const request = requestOf(subscription, paymentId, change);
    const answer = await gateway.post(request, { accept: 'application/json;callbackSpec=1.0' });
    return { subscription, answer };
  }

  open(): RouterSubscription {
    const subscription = new RouterSubscription(`http://${this.host}/callback/${this.#subscriptions.size}`);
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    const chunks = (await request.toArray()) as Buffer[];
    const message = JSON.parse(Buffer.concat(chunks).toString()) as CallbackMessage;
    const subscription = this.#subscriptions.get(message.id);
    if (subscription === undefined) {
      response.writeHead(404).end();
      return;
    }
    subscription.underWay += 1;
    subscription.mostUnderWay = Math.max(subscription.mostUnderWay, subscription.underWay);
    response.once('close', () => (subscription.underWay -= 1));
    if (this.answer !== undefined) await this.answer(message, response);
    if (!response.writableEnded && !response.destroyed) this.#judge(message, subscription, response);
  }

  /** With the statuses of Apollo's router. */
  #judge(message: CallbackMessage, subscription: RouterSubscription, response: ServerResponse): void {
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

/** The request of a router, with other words in the extension as wanted. */
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
