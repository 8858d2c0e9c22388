import type { z } from 'zod';
import type { Deadline } from '../lib/deadline.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { classifyResponse } from './classify-response.js';
import type { Exchange, Transport, WireRequest } from './transport.js';
import type { CallResult } from './call-result.js';

export type Endpoint = 'authorize' | 'initiate' | 'sendrequest' | 'activate' | 'lookup' | 'details' | 'cancel';

/** Told of every call: which one, what it came to, how long it took. */
export type CallObserver = (endpoint: Endpoint, result: CallResult<unknown>, ms: number) => void;

/** Asked when everything else is in place, just before the first byte leaves; the call is made only if it says true. */
export type BeforeSend = () => Promise<boolean>;

const NOT_PERMITTED: Exchange = { kind: 'not-sent', reason: 'not-permitted', detail: 'not permitted' };

/** A call ready to be made: where to, what to send, what a usable answer looks like. */
export interface ProviderCall<T> {
  readonly endpoint: Endpoint;
  readonly request: WireRequest;
  readonly response: z.ZodType<T>;
  /** What a refusal with a 2xx looks like, of calls whose answer may be one. */
  readonly rejection?: z.ZodType;
  /** What is sensitive in the request: kept out of Flinks's words, should they repeat it. */
  readonly sensitive?: readonly Sensitive<string>[];
  readonly beforeSend?: BeforeSend | undefined;
  /** The path has an id in it. */
  readonly namesResource?: boolean;
}

/** Makes calls one at a time: takes a slot, sends, judges. Knows no token and no retry. */
export class RequestExecutor {
  constructor(
    private readonly transport: Transport,
    private readonly circuitBreaker: CircuitBreaker,
    private readonly timeoutMs: number,
    private readonly observe: CallObserver,
  ) {}

  /** Ends by `deadline`, and `timeoutMs` after it was sent at the latest. */
  async execute<T>(call: ProviderCall<T>, deadline: Deadline): Promise<CallResult<T>> {
    const { endpoint, request, response, rejection: refusal, sensitive = [], beforeSend, namesResource } = call;
    const startedMs = performance.now();
    const exchange = async (): Promise<Exchange> => {
      if (beforeSend !== undefined && !(await beforeSend())) return NOT_PERMITTED;
      return this.transport.exchange(request, deadline.cappedAt(this.timeoutMs));
    };
    const guarded = await this.circuitBreaker.run(exchange, deadline);
    const result =
      'exchange' in guarded
        ? classifyResponse(guarded.exchange, response, sensitive, namesResource, refusal)
        : guarded.failure;
    this.observe(endpoint, result, performance.now() - startedMs);
    return result;
  }
}
