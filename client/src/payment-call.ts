import { Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, FieldNode, SelectionNode } from 'graphql';
import type { PaymentIntentions } from './intentions.js';

/** The mutations of payments, and whether their input has an idempotencyKey. A cancellation needs none: it may be repeated as it is. */
const TAKES_KEY: ReadonlyMap<string, boolean> = new Map([
  ['createPaymentSession', true],
  ['sendPaymentRequest', true],
  ['cancelPaymentSession', false],
]);

type Variables = Readonly<Record<string, unknown>>;

/** A mutation that concerns one payment and nothing else, so that repeating it repeats nothing else. */
export interface PaymentCall {
  /** Under which name the answer comes. */
  readonly answerName: string;
  /** The variable that is the input and may lack a key; undefined where the document has the key in another way. */
  readonly inputName: string | undefined;
}

/** Undefined for every other operation, which is none of our business. */
export function paymentCallIn(document: DocumentNode): PaymentCall | undefined {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.MUTATION)
    return undefined;
  const [field, ...others] = operation.selectionSet.selections.filter((selection) => !isTypename(selection));
  if (field?.kind !== Kind.FIELD || others.length > 0) return undefined;
  const takesKey = TAKES_KEY.get(field.name.value);
  if (takesKey === undefined) return undefined;
  const answerName = field.alias?.value ?? field.name.value;
  return { answerName, inputName: takesKey ? inputNameOf(field) : undefined };
}

/**
 * The variables with a key: their own, or else that of the intention.
 * Throws when there is neither, since a key for each call would make a payment for each call.
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
  if (typeof intention !== 'string' || intention === '') throw new Error(NAMELESS);
  return { ...variables, [inputName]: { ...input, idempotencyKey: intentions.keyOf(intention) } };
}

const NAMELESS =
  'Name what the user decided about, e.g. context { paymentIntention: "order-1042" }, or give the input an idempotencyKey.';

function isTypename(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === '__typename';
}

function inputNameOf(field: FieldNode): string | undefined {
  const value = field.arguments?.find(({ name }) => name.value === 'input')?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
}
