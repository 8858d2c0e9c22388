import { PaymentInputIssueCode as Code } from '../validation/payment-input-issue.type.js';
import { Rule } from '../validation/rule.js';

/** Default and maximum of `first`, for every list. */
export const PAGE_SIZE = { default: 20, max: 100 } as const;

/** Validation rules of `first`. */
export function PageSizeRules(): PropertyDecorator {
  const tooLarge = `Request at most ${PAGE_SIZE.max}, and the rest with after.`;
  const each = [
    Rule(Code.TOO_SMALL, 'Request at least 1.', (first: number) => first >= 1),
    Rule(Code.TOO_LARGE, tooLarge, (first: number) => first <= PAGE_SIZE.max),
  ];
  return (target, property) => each.forEach((decorate) => decorate(target, property));
}
