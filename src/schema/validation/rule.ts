import { getFromContainer, registerDecorator } from 'class-validator';
import type { PaymentInputIssueCode } from './payment-input-issue.type.js';

/** The validation rules that depend on the deployment. Obtained from class-validator's container. */
export class InputRules {
  constructor(
    /** Maximum of a payment's amount, in cents. */
    readonly maxAmountMinor: number,
    /** Whether client URLs may point to this machine or a private network, as in development. */
    readonly localUrlsAllowed: boolean,
    /** Allowed origins of client URLs; empty allows any. */
    readonly clientUrlOrigins: readonly string[] = [],
  ) {}
}

type Message = string | ((rules: InputRules) => string);

/** What a broken rule adds to its error. `brokenItems` returns the indexes of the list items that break it. */
export interface RuleContext {
  readonly code: PaymentInputIssueCode;
  readonly brokenItems?: (value: unknown) => number[];
}

/**
 * Checks a value that is neither null nor absent. Typed `never`, because each rule declares the type of its own field.
 */
type Holds = (value: never, rules: InputRules) => boolean;
type BrokenItems = (items: never, rules: InputRules) => number[];

/**
 * Requires a field to satisfy `holds`; otherwise reports an issue with this code and message. Null and absent values
 * pass.
 */
export function Rule(code: PaymentInputIssueCode, message: Message, holds: Holds): PropertyDecorator {
  return decorator({ code }, message, holds);
}

/**
 * Like `Rule`, for a list: `brokenItems` returns the indexes of the items that break it, and each is reported
 * separately.
 */
export function ItemRule(code: PaymentInputIssueCode, message: Message, brokenItems: BrokenItems): PropertyDecorator {
  const context: RuleContext = { code, brokenItems: (items) => brokenItems(items as never, currentRules()) };
  return decorator(context, message, (items, rules) => brokenItems(items, rules).length === 0);
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

function currentRules(): InputRules {
  return getFromContainer(InputRules);
}
