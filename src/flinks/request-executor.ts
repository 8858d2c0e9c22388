import type { Deadline } from '../lib/deadline.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { classifyResponse } from './classify-response.js';
import type { ExpectedResponse } from './classify-response.js';
import type { Exchange, Transport, WireRequest } from './transport.js';
import type { ProviderResult } from '../domain/provider-result.js';

/** Flinks's endpoints, by the names used in logs and metrics. */
export type Endpoint = 'authorize' | 'initiate' | 'sendrequest' | 'activate' | 'lookup' | 'details' | 'cancel';

/** Called after every call with its endpoint, result and duration in milliseconds. */
export type CallObserver = (endpoint: Endpoint, result: ProviderResult<unknown>, ms: number) => void;

/** Called when everything else is ready, just before the first byte. The call is made only if it resolves to true. */
export type BeforeSend = () => Promise<boolean>;

const NOT_PERMITTED: Exchange = { kind: 'not-executed', reason: 'not-permitted', detail: 'not permitted' };

/** A call that is ready to be made. */
export interface ProviderCall<T> extends ExpectedResponse<T> {
  readonly endpoint: Endpoint;
  readonly request: WireRequest;
  readonly beforeSend?: BeforeSend | undefined;
}

/** Makes single calls: takes a slot, sends the request, classifies the response. Handles neither tokens nor retries. */
export class RequestExecutor {
  constructor(
    private readonly transport: Transport,
    private readonly circuitBreaker: CircuitBreaker,
    private readonly timeoutMs: number,
    private readonly observe: CallObserver,
  ) {}

  /** Makes the call. Ends by `deadline`, and at the latest `timeoutMs` after sending. */
  async execute<T>(call: ProviderCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    const { endpoint, request, beforeSend } = call;
    const startedMs = performance.now();
    const exchange = async (): Promise<Exchange> => {
      if (beforeSend !== undefined && !(await beforeSend())) return NOT_PERMITTED;
      return this.transport.exchange(request, deadline.cappedAt(this.timeoutMs));
    };
    const guarded = await this.circuitBreaker.run(exchange, deadline);
    const result = 'exchange' in guarded ? classifyResponse(guarded.exchange, call) : guarded.failure;
    this.observe(endpoint, result, performance.now() - startedMs);
    return result;
  }
}
