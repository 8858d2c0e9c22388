import { registerDecorator, validate } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { instance } from '../typegraphql.js';
import { PaymentInputIssue } from './payment-input-issue.type.js';
import type { PaymentInputIssueCode } from './payment-input-issue.type.js';

/** What the validation rules depend on in a deployment. */
export interface InputRules {
  /** Maximum of a payment's amount, in cents. */
  readonly maxAmountMinor: number;
  /** Whether client URLs may point to this machine or a private network, as in development. */
  readonly localUrlsAllowed: boolean;
  /** Allowed origins of client URLs; empty allows any. */
  readonly clientUrlOrigins: readonly string[];
}

let inputRules: InputRules | undefined;

/** Sets the rules of the process: decorators are global, and so is what they depend on. */
export function setInputRules(rules: InputRules): void {
  inputRules = rules;
}

function currentRules(): InputRules {
  if (inputRules === undefined) throw new Error('setInputRules was not called');
  return inputRules;
}

type Message = string | ((rules: InputRules) => string);
/** What text has to satisfy in a deployment. */
export type TextTest = (text: string, rules: InputRules) => boolean;
/** Typed `never`, because each rule declares the type of its own field. */
type Holds = (value: never, rules: InputRules) => boolean;
type BrokenItems = (items: never, rules: InputRules) => number[];

/** What a broken rule adds to its error. */
interface RuleContext {
  readonly code: PaymentInputIssueCode;
  readonly brokenItems?: BrokenItems;
}

/** Reports an issue with this code and message unless a field satisfies `holds`. Null and absent values pass. */
export function Rule(code: PaymentInputIssueCode, message: Message, holds: Holds): PropertyDecorator {
  return decorator({ code }, message, holds);
}

/** Like `Rule`, for text that may arrive as an inexact number instead, which only another rule of the field reports. */
export function TextRule(code: PaymentInputIssueCode, message: Message, holds: TextTest): PropertyDecorator {
  return Rule(code, message, (value: unknown, rules) => typeof value !== 'string' || holds(value, rules));
}

/** Like `Rule`, for a list: each item whose index `brokenItems` returns is reported separately. */
export function ItemRule(code: PaymentInputIssueCode, message: Message, brokenItems: BrokenItems): PropertyDecorator {
  return decorator({ code, brokenItems }, message, (items, rules) => brokenItems(items, rules).length === 0);
}

function decorator(context: RuleContext, message: Message, holds: Holds): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      // class-validator keeps one message per name, so each rule needs a name of its own.
      name: `${context.code}: ${typeof message === 'string' ? message : message.name}`,
      target: target.constructor,
      propertyName: String(property),
      options: { context },
      validator: {
        validate: (value: unknown) => value === null || value === undefined || holds(value as never, currentRules()),
        defaultMessage: () => (typeof message === 'string' ? message : message(currentRules())),
      },
    });
}

/** Thrown when an argument breaks rules. A middleware converts it to an `InvalidPaymentInputError`. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(readonly issues: PaymentInputIssue[]) {
    super('the input breaks validation rules');
  }
}

/** Returns all problems of an input object, each with its path below `path`. */
export async function findInputIssues(input: object, path: readonly string[]): Promise<PaymentInputIssue[]> {
  // forbidUnknownValues is off: GraphQL has checked the shape, and an input without rules is not a mistake.
  const errors = await validate(input, { forbidUnknownValues: false });
  return errors.flatMap((error) => issuesOf(error, path));
}

function issuesOf({ property, constraints, contexts, value, children }: ValidationError, parent: readonly string[]) {
  const path = [...parent, property];
  const own = Object.entries(constraints ?? {}).flatMap(([rule, message]) => {
    const { code, brokenItems } = contexts?.[rule] as RuleContext;
    const broken = brokenItems?.(value as never, currentRules()).map((index) => [...path, String(index)]) ?? [path];
    return broken.map((where) => instance(PaymentInputIssue, { path: where, code, message }));
  });
  return [...own, ...(children ?? []).flatMap((child): PaymentInputIssue[] => issuesOf(child, path))];
}
