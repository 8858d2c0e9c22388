import { z } from 'zod';
import { reportedFlinksId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import { decimalText } from '../../domain/money.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';

/** JSON source text that is written into a body unchanged. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** A value that `writeJson` can write. */
export type WireField = string | readonly string[] | RawJson | Sensitive<string>;

/** The amount with exactly two decimals: 250.10 stays `250.10`, which a JavaScript number would shorten. */
export function amountField(amount: Money, variant: ApiVariant): WireField {
  const text = decimalText(amount.amountMinor);
  return variant.amountEncoding === 'number' ? new RawJson(text) : text;
}

/** Writes a flat JSON object, leaving out undefined fields. */
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

/**
 * An id assigned by Flinks: documented as a GUID and treated as opaque. An id that does not print is invalid and could
 * not be stored.
 */
export const wireId = z.string().refine((id) => reportedFlinksId(id) !== undefined);
