import { getFromContainer, registerDecorator } from 'class-validator';
import type { PaymentInputIssueCode } from './payment-input-issue.type.js';

/** The part of the rules that differs from one deployment to the next; comes out of class-validator's container. */
export class InputRules {
  constructor(
    readonly maxAmountMinor: number,
    /** Whether client URLs may be of this machine or of a private network, as in development. */
    readonly localUrlsAllowed: boolean,
    /** Of client URLs; any when empty. */
    readonly clientUrlOrigins: readonly string[] = [],
  ) {}
}

type Message = string | ((rules: InputRules) => string);

/** What a broken rule puts into the report. `brokenItems` gives the indexes of the list items that break it. */
export interface RuleContext {
  readonly code: PaymentInputIssueCode;
  readonly brokenItems?: (value: unknown) => number[];
}

/** Judges a value that is neither null nor absent. `never`: each rule names the type that its own field has. */
type Holds = (value: never, rules: InputRules) => boolean;
type BrokenItems = (items: never, rules: InputRules) => number[];

/** A field must satisfy `holds`; if not, an issue with this code and message is reported. Null and absent values pass. */
export function Rule(code: PaymentInputIssueCode, message: Message, holds: Holds): PropertyDecorator {
  return decorator({ code }, message, holds);
}

/** As `Rule`, for a list: `brokenItems` gives the indexes of the items that break it, and each is reported by itself. */
export function ItemRule(code: PaymentInputIssueCode, message: Message, brokenItems: BrokenItems): PropertyDecorator {
  const context: RuleContext = { code, brokenItems: (items) => brokenItems(items as never, currentRules()) };
  return decorator(context, message, (items, rules) => brokenItems(items, rules).length === 0);
}

function decorator(context: RuleContext, message: Message, holds: Holds): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      // class-validator keeps one message for each name, so the name has to be the rule's own.
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
