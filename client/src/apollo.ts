import { ApolloLink } from '@apollo/client/link';
import { catchError, defer, fromEvent, map, merge, NEVER, of, retry, take, throwError, timer } from 'rxjs';
import type { Observable } from 'rxjs';
import { Attempts } from './attempts.js';
import type { PaymentIntentions } from './intentions.js';
import { outcomeOf, outcomeOfError } from './outcome.js';
import { paymentCallIn, withKey } from './payment-call.js';
import { DEFAULT_BOUNDS, mayBeRepeated } from './repeat.js';
import type { Outcome, RepeatBounds } from './repeat.js';

/**
 * Adds the idempotency key of the intention named by `context.paymentIntention` to payment mutations, and retries them
 * where that is safe: after a result with SAME_KEY, without any response, and after HTTP 429 and 5xx. Place it before
 * the terminating link. Other operations pass unchanged.
 */
export class PaymentIntentionLink extends ApolloLink {
  constructor(
    private readonly intentions: PaymentIntentions,
    private readonly bounds: RepeatBounds = DEFAULT_BOUNDS,
  ) {
    super();
  }

  override request(
    operation: ApolloLink.Operation,
    forward: ApolloLink.ForwardFunction,
  ): Observable<ApolloLink.Result> {
    const call = paymentCallIn(operation.query);
    if (call === undefined) return forward(operation);
    return defer(() => {
      const { paymentIntention, fetchOptions } = operation.getContext() as PaymentContext;
      operation.variables = withKey(call, operation.variables, paymentIntention, this.intentions);
      const attempts = new Attempts(this.bounds);
      return defer(() => forward(operation)).pipe(
        map((result) => throwIfRetryable(result, outcomeOfResult(result, operation, call.responseKey))),
        retry({ delay: (problem) => pauseAfter(problem, attempts, fetchOptions?.signal) }),
        catchError((problem: unknown) =>
          problem instanceof RetryableResultError ? of(problem.result) : throwError(() => problem),
        ),
      );
    });
  }
}

interface PaymentContext {
  readonly paymentIntention?: unknown;
  readonly fetchOptions?: { readonly signal?: AbortSignal };
  /** The HTTP response, set by HttpLink. */
  readonly response?: { readonly status: number };
}

/**
 * Carries a retryable result through the RxJS operators as an error. Without a further retry it is converted back to
 * the result.
 */
class RetryableResultError extends Error {
  constructor(
    readonly result: ApolloLink.Result,
    readonly outcome: Outcome,
  ) {
    super();
  }
}

function outcomeOfResult(result: ApolloLink.Result, operation: ApolloLink.Operation, responseKey: string): Outcome {
  const { data, errors } = result as { data?: unknown; errors?: readonly unknown[] };
  const { response } = operation.getContext() as PaymentContext;
  return outcomeOf({ data, hasErrors: errors !== undefined, status: response?.status }, responseKey);
}

function throwIfRetryable(result: ApolloLink.Result, outcome: Outcome): ApolloLink.Result {
  if (mayBeRepeated(outcome)) throw new RetryableResultError(result, outcome);
  return result;
}

/**
 * Emits when the call is to be made again. Emits at once if it was aborted, so that the terminating link reports the
 * abort.
 */
function pauseAfter(problem: unknown, attempts: Attempts, signal: AbortSignal | undefined): Observable<unknown> {
  const outcome = problem instanceof RetryableResultError ? problem.outcome : outcomeOfError(problem);
  const delayMs = attempts.delayAfter(outcome);
  if (delayMs === undefined) return throwError(() => problem);
  const aborted = signal === undefined ? NEVER : fromEvent(signal, 'abort');
  return merge(timer(delayMs), aborted).pipe(take(1));
}
