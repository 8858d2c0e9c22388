import { makeErrorResult, makeOperation } from '@urql/core';
import type { Exchange, Operation, OperationResult } from '@urql/core';
import { delay, filter, fromValue, makeSubject, map, merge, mergeMap, pipe, share, takeUntil } from 'wonka';
import type { Source } from 'wonka';
import { Attempts } from './attempts.js';
import type { PaymentIntentions } from './intentions.js';
import { outcomeOf, outcomeOfError } from './outcome.js';
import { paymentCallIn, withKey } from './payment-call.js';
import { DEFAULT_BOUNDS } from './repeat.js';
import type { Outcome, RepeatBounds } from './repeat.js';

/**
 * Adds the idempotency key of the intention named by `context.paymentIntention` to payment mutations, and retries them
 * where that is safe: after a result with SAME_KEY, without any response, and after HTTP 429 and 5xx. Place it before
 * the exchanges that send. Other operations pass unchanged.
 */
export function paymentIntentionExchange(
  intentions: PaymentIntentions,
  bounds: RepeatBounds = DEFAULT_BOUNDS,
): Exchange {
  return ({ forward }) =>
    (operations) => {
      const prepared = pipe(
        operations,
        map((operation) => prepare(operation, intentions, bounds)),
        share,
      );
      const repeats = makeSubject<Repeat>();
      const due = pipe(repeats.source, mergeMap(after(prepared)));
      const ready = pipe(prepared, filter(isOperation));
      const results = pipe(
        forward(merge([ready, due])),
        filter((result) => {
          const delayMs = delayAfter(result);
          if (delayMs !== undefined) repeats.next({ operation: result.operation, delayMs });
          return delayMs === undefined;
        }),
      );
      return merge([results, pipe(prepared, filter(isResult))]);
    };
}

/** The part of the operation's context that passes through the exchanges and returns with its result. */
interface PaymentContext {
  readonly paymentIntention?: unknown;
  readonly payment?: { readonly responseKey: string; readonly attempts: Attempts };
}

interface Repeat {
  readonly operation: Operation;
  readonly delayMs: number;
}

/** Adds the key to the operation. Returns an error result if there is none. */
function prepare(
  operation: Operation,
  intentions: PaymentIntentions,
  bounds: RepeatBounds,
): Operation | OperationResult {
  const call = operation.kind === 'mutation' ? paymentCallIn(operation.query) : undefined;
  if (call === undefined) return operation;
  const { paymentIntention } = operation.context as PaymentContext;
  try {
    const variables = withKey(call, operation.variables as Record<string, unknown>, paymentIntention, intentions);
    const payment = { responseKey: call.responseKey, attempts: new Attempts(bounds) };
    return makeOperation(operation.kind, { ...operation, variables }, { ...operation.context, ...{ payment } });
  } catch (error) {
    return makeErrorResult(operation, error as Error);
  }
}

function isOperation(prepared: Operation | OperationResult): prepared is Operation {
  return 'kind' in prepared;
}

function isResult(prepared: Operation | OperationResult): prepared is OperationResult {
  return !isOperation(prepared);
}

function delayAfter(result: OperationResult): number | undefined {
  const { payment } = result.operation.context as PaymentContext;
  return payment?.attempts.delayAfter(outcomeOfResult(result, payment.responseKey));
}

function outcomeOfResult({ data, error }: OperationResult, responseKey: string): Outcome {
  const status = (error?.response as { readonly status?: number } | undefined)?.status;
  if (error?.networkError === undefined || status !== undefined)
    return outcomeOf({ data, hasErrors: (error?.graphQLErrors.length ?? 0) > 0, status }, responseKey);
  return outcomeOfError(error.networkError);
}

/** Waits before a retry, unless the operation is torn down meanwhile. */
function after(prepared: Source<Operation | OperationResult>): (repeat: Repeat) => Source<Operation> {
  return ({ operation, delayMs }) => {
    const tornDown = pipe(
      prepared,
      filter((each) => isOperation(each) && each.kind === 'teardown' && each.key === operation.key),
    );
    return pipe(fromValue(operation), delay(delayMs), takeUntil(tornDown));
  };
}
