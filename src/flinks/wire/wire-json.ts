import type { Money } from '../../domain/money.js';
import { decimalText } from '../../domain/money.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';

/** JSON source text that is written into a body as it stands. */
export class RawJson {
  constructor(readonly text: string) {}
}

export type WireField = string | readonly string[] | RawJson | Sensitive<string>;

/** The amount with its two decimals, exactly: 250.10 stays `250.10`, which no JavaScript number would. */
export function amountField(amount: Money, variant: ApiVariant): WireField {
  const text = decimalText(amount.amountMinor);
  return variant.amountEncoding === 'number' ? new RawJson(text) : text;
}

/** A flat JSON object; undefined fields are left out. */
export function writeJson(fields: Readonly<Record<string, WireField | undefined>>): Sensitive<string> {
  const members = Object.entries(fields)
    .filter((field): field is [string, WireField] => field[1] !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${writeValue(value)}`);
  return new Sensitive(`{${members.join(',')}}`);
}

function writeValue(value: WireField): string {
  if (value instanceof RawJson) return value.text;
  return JSON.stringify(value instanceof Sensitive ? value.reveal() : value);
}
