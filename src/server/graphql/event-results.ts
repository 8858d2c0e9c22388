import { createHash } from 'node:crypto';
import { execute, print } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import type { RequestedOperation } from '../request/requested-operation.js';

type Result = ReturnType<typeof execute>;

/** By event, then by `EventResults.#key`. */
const shared = new WeakMap<object, Map<string, Result>>();

/**
 * Executes a subscription's operation for the events of its source. Sources yield the same event to many subscribers:
 * it is executed once for all that sent the same operation and whose clients may read the same, so that they also get
 * the same result object.
 */
export class EventResults {
  readonly #key: string;

  constructor(
    private readonly subscription: Pick<ExecutionArgs, 'schema' | 'document'>,
    private readonly operation: Pick<RequestedOperation, 'variables' | 'operationName'>,
    private readonly context: RequestContext,
  ) {
    const { document } = subscription;
    const { variables, operationName } = operation;
    const { id, scopes } = context.client;
    const all = [document.loc?.source.body ?? print(document), operationName, variables, id, scopes];
    // A digest, because it is kept for as long as the subscription, and variables may be long.
    this.#key = createHash('sha256').update(JSON.stringify(all)).digest('base64');
  }

  /** What graphql-js needs to start the subscription. */
  get args(): ExecutionArgs {
    const { variables, operationName } = this.operation;
    return {
      ...this.subscription,
      contextValue: this.context,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    };
  }

  /** The result for an event. */
  of(event: unknown): ExecutionResult | Promise<ExecutionResult> {
    if (typeof event !== 'object' || event === null) return this.#execute(event);
    const results = shared.get(event) ?? new Map<string, Result>();
    const result = results.get(this.#key) ?? this.#execute(event);
    shared.set(event, results.set(this.#key, result));
    return result;
  }

  #execute(rootValue: unknown): Result {
    return execute({ ...this.args, rootValue });
  }
}
