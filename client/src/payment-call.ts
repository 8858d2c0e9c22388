import { Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, FieldNode, SelectionNode } from 'graphql';
import type { PaymentIntentions } from './intentions.js';

/**
 * The payment mutations, and whether their input has an idempotencyKey. A cancellation needs none: repeating it is
 * safe.
 */
const TAKES_KEY: ReadonlyMap<string, boolean> = new Map([
  ['createPaymentSession', true],
  ['sendPaymentRequest', true],
  ['cancelPaymentSession', false],
]);

type Variables = Readonly<Record<string, unknown>>;

/** A mutation with a single payment field, so that a retry repeats nothing else. */
export interface PaymentCall {
  /** The key of the field in the response: its alias or name. */
  readonly responseKey: string;
  /**
   * The variable that holds the input and may lack a key; undefined if the document provides the key in another way.
   */
  readonly inputName: string | undefined;
}

/** Recognizes a payment mutation. Returns undefined for every other operation. */
export function paymentCallIn(document: DocumentNode): PaymentCall | undefined {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.MUTATION)
    return undefined;
  const [field, ...others] = operation.selectionSet.selections.filter((selection) => !isTypename(selection));
  if (field?.kind !== Kind.FIELD || others.length > 0) return undefined;
  const takesKey = TAKES_KEY.get(field.name.value);
  if (takesKey === undefined) return undefined;
  const responseKey = field.alias?.value ?? field.name.value;
  return { responseKey, inputName: takesKey ? inputNameOf(field) : undefined };
}

/**
 * Returns the variables with an idempotency key: their own, or else that of the intention. Throws if there is neither,
 * since a new key for each call would create a new payment for each call.
 */
export function withKey(
  { inputName }: PaymentCall,
  variables: Variables,
  intention: unknown,
  intentions: PaymentIntentions,
): Variables {
  if (inputName === undefined) return variables;
  const input = variables[inputName] as { readonly idempotencyKey?: string | null } | null | undefined;
  if (input?.idempotencyKey != null) return variables;
  if (typeof intention !== 'string' || intention === '') throw new Error(MISSING_INTENTION);
  return { ...variables, [inputName]: { ...input, idempotencyKey: intentions.keyOf(intention) } };
}

const MISSING_INTENTION =
  'The payment has no idempotency key. Name the intention, for example context { paymentIntention: "order-1042" }, or add an idempotencyKey to the input.';

function isTypename(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === '__typename';
}

function inputNameOf(field: FieldNode): string | undefined {
  const value = field.arguments?.find(({ name }) => name.value === 'input')?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
}
