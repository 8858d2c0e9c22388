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
type BrokenItems = (items: never, rules: InputRules) => readonly number[];
/** Returns the problems of a field's value, which is neither null nor undefined. */
type Check = (value: never, path: string[], rules: InputRules) => readonly PaymentInputIssue[];
/** The checks of each field, in the order in which their problems are reported. */
type Fields = ReadonlyMap<string, readonly Check[]>;

/** Reports an issue with this code and message unless a field satisfies `holds`. Null and absent values pass. */
export function Rule(code: PaymentInputIssueCode, message: Message, holds: Holds): PropertyDecorator {
  return declare((value, path, rules) => (holds(value, rules) ? [] : [issueOf(code, message, path, rules)]));
}

/** Like `Rule`, for text that may arrive as an inexact number instead, which only another rule of the field reports. */
export function TextRule(code: PaymentInputIssueCode, message: Message, holds: TextTest): PropertyDecorator {
  return Rule(code, message, (value: unknown, rules) => typeof value !== 'string' || holds(value, rules));
}

/** Like `Rule`, for a list: each item whose index `brokenItems` returns is reported separately. */
export function ItemRule(code: PaymentInputIssueCode, message: Message, brokenItems: BrokenItems): PropertyDecorator {
  return declare((items, path, rules) =>
    brokenItems(items, rules).map((index) => issueOf(code, message, [...path, String(index)], rules)),
  );
}

/** Checks an input object in a field by the rules of its own fields. */
export function Nested(): PropertyDecorator {
  return declare((input: object, path) => findInputIssues(input, path));
}

function issueOf(code: PaymentInputIssueCode, message: Message, path: string[], rules: InputRules) {
  const text = typeof message === 'string' ? message : message(rules);
  return instance(PaymentInputIssue, { path, code, message: text });
}

/** What each class declares itself, by its prototype. */
const declared = new Map<object | null, Map<string, Check[]>>();

function declare(check: Check): PropertyDecorator {
  return (target, property) => {
    const fields = declared.get(target) ?? new Map<string, Check[]>();
    declared.set(target, fields);
    const checks = fields.get(String(property)) ?? [];
    fields.set(String(property), [...checks, check]);
  };
}

const complete = new Map<object | null, Fields>();

/** The checked fields of a class. Those of the class that it extends come first. */
function fieldsOf(prototype: object | null): Fields {
  const known = complete.get(prototype);
  if (known !== undefined) return known;
  const inherited = prototype === null ? [] : fieldsOf(Object.getPrototypeOf(prototype) as object | null);
  const fields = new Map([...inherited, ...(declared.get(prototype) ?? [])]);
  complete.set(prototype, fields);
  return fields;
}

/** Thrown when an argument breaks rules. A middleware converts it to an `InvalidPaymentInputError`. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(readonly issues: PaymentInputIssue[]) {
    super('the input breaks validation rules');
  }
}

/** Returns all problems of an input object, each with its path below `path`. */
export function findInputIssues(input: object, path: readonly string[]): PaymentInputIssue[] {
  const rules = currentRules();
  const issues: PaymentInputIssue[] = [];
  for (const [field, checks] of fieldsOf(Object.getPrototypeOf(input) as object)) {
    const value = (input as Readonly<Record<string, unknown>>)[field];
    if (value === null || value === undefined) continue;
    const pathOfField = [...path, field];
    for (const check of checks) issues.push(...check(value as never, pathOfField, rules));
  }
  return issues;
}
