import type { z } from 'zod';
import type { Deadline } from '../deadline.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { HostLimits } from './host-limits.js';
import { judge } from './judge.js';
import type { Exchange, Transport, WireRequest } from './transport.js';
import type { Verdict } from './verdict.js';

export type Endpoint = 'authorize' | 'initiate' | 'sendrequest' | 'activate' | 'look-up' | 'details' | 'cancel';

/** Told of every call: which one, what it came to, how long it took. */
export type CallObserver = (endpoint: Endpoint, verdict: Verdict<unknown>, ms: number) => void;

/** Asked when everything else is in place, just before the first byte leaves; the call is made only if it says true. */
export type Permit = () => Promise<boolean>;

const WITHHELD: Exchange = { kind: 'not-sent', reason: 'withheld', detail: 'no permit' };

/** A call ready to be made: where to, what to send, what a usable answer looks like. */
export interface Call<T> {
  readonly endpoint: Endpoint;
  readonly request: WireRequest;
  readonly reply: z.ZodType<T>;
  /** What a refusal with a 2xx looks like, of calls whose answer may be one. */
  readonly refusal?: z.ZodType;
  /** What is sensitive in the request: kept out of Flinks's words, should they repeat it. */
  readonly hidden?: readonly Sensitive<string>[];
  readonly permit?: Permit | undefined;
  /** The path has an id in it. */
  readonly namesResource?: boolean;
}

/** Makes calls one at a time: takes a slot, sends, judges. Knows no token and no retry. */
export class Caller {
  constructor(
    private readonly transport: Transport,
    private readonly limits: HostLimits,
    private readonly timeoutMs: number,
    private readonly observe: CallObserver,
  ) {}

  /** Ends by `deadline`, and `timeoutMs` after it was sent at the latest. */
  async make<T>(call: Call<T>, deadline: Deadline): Promise<Verdict<T>> {
    const { endpoint, request, reply, refusal, hidden = [], permit, namesResource } = call;
    const startedMs = performance.now();
    const exchange = async (): Promise<Exchange> => {
      if (permit !== undefined && !(await permit())) return WITHHELD;
      return this.transport.exchange(request, deadline.atMost(this.timeoutMs));
    };
    const result = await this.limits.run(exchange, deadline);
    const verdict =
      'exchange' in result ? judge(result.exchange, reply, hidden, namesResource, refusal) : result.failure;
    this.observe(endpoint, verdict, performance.now() - startedMs);
    return verdict;
  }
}
