import { PaymentInputIssueCode as Code } from '../validation/payment-input-issue.type.js';
import { Rule } from '../validation/rule.js';

/** Of every list: what `first` is when it is absent, and at most. */
export const PAGE_SIZE = { default: 20, max: 100 } as const;

/** Rules of `first`. */
export function PageSizeRules(): PropertyDecorator {
  const tooLarge = `Ask for at most ${PAGE_SIZE.max}, and for the rest with after.`;
  const each = [
    Rule(Code.TOO_SMALL, 'Ask for at least 1.', (first: number) => first >= 1),
    Rule(Code.TOO_LARGE, tooLarge, (first: number) => first <= PAGE_SIZE.max),
  ];
  return (target, property) => each.forEach((decorate) => decorate(target, property));
}
