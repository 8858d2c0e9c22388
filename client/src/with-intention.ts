import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

interface KeyedVariables {
  readonly input: { readonly idempotencyKey: string };
}

/** Variables of a mutation that gets its key from the intention. */
export type IntentionVariables<V extends KeyedVariables> = Omit<V, 'input'> & {
  readonly input: Omit<V['input'], 'idempotencyKey'> & { readonly idempotencyKey?: never };
};

/** Returns the same document with types that leave the idempotencyKey to the link or the exchange. */
export function withIntention<T, V extends KeyedVariables>(
  document: TypedDocumentNode<T, V>,
): TypedDocumentNode<T, IntentionVariables<V>> {
  return document as unknown as TypedDocumentNode<T, IntentionVariables<V>>;
}
