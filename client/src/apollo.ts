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
 * Gives mutations of payments the key of the intention that `context.paymentIntention` names, and repeats them where that is safe:
 * an answer of SAME_KEY, no answer at all, HTTP 429 and 5xx. It belongs before the link that sends. Other operations pass.
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
        map((result) => settledOr(result, outcomeOfResult(result, operation, call.answerName))),
        retry({ delay: (problem) => pauseAfter(problem, attempts, fetchOptions?.signal) }),
        catchError((problem: unknown) =>
          problem instanceof Unsettled ? of(problem.result) : throwError(() => problem),
        ),
      );
    });
  }
}

interface PaymentContext {
  readonly paymentIntention?: unknown;
  readonly fetchOptions?: { readonly signal?: AbortSignal };
  /** What HttpLink has received. */
  readonly response?: { readonly status: number };
}

/** Carries a result that asks for a repeat past the operators, to come out as it was when there is none. */
class Unsettled extends Error {
  constructor(
    readonly result: ApolloLink.Result,
    readonly outcome: Outcome,
  ) {
    super();
  }
}

function outcomeOfResult(result: ApolloLink.Result, operation: ApolloLink.Operation, answerName: string): Outcome {
  const { data, errors } = result as { data?: unknown; errors?: readonly unknown[] };
  const { response } = operation.getContext() as PaymentContext;
  return outcomeOf({ data, hasErrors: errors !== undefined, status: response?.status }, answerName);
}

function settledOr(result: ApolloLink.Result, outcome: Outcome): ApolloLink.Result {
  if (mayBeRepeated(outcome)) throw new Unsettled(result, outcome);
  return result;
}

/** Emits when the call shall be made again; at once when it was aborted, so that whoever sends it says so. */
function pauseAfter(problem: unknown, attempts: Attempts, signal: AbortSignal | undefined): Observable<unknown> {
  const outcome = problem instanceof Unsettled ? problem.outcome : outcomeOfError(problem);
  const delayMs = attempts.delayAfter(outcome);
  if (delayMs === undefined) return throwError(() => problem);
  const aborted = signal === undefined ? NEVER : fromEvent(signal, 'abort');
  return merge(timer(delayMs), aborted).pipe(take(1));
}
