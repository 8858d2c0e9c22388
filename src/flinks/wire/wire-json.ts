import { z } from 'zod';
import { reportedFlinksId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import { decimalText } from '../../domain/money.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';

/** JSON source text that is written into a body unchanged. */
class RawJson {
  constructor(readonly text: string) {}
}

type WireField = string | readonly string[] | RawJson | Sensitive<string>;

/** The amount with exactly two decimals: 250.10 stays `250.10`, which a JavaScript number would shorten. */
export function amountField(amount: Money, variant: ApiVariant): WireField {
  const text = decimalText(amount.amountMinor);
  return variant.amountEncoding === 'number' ? new RawJson(text) : text;
}

/** A POST of a flat JSON object, which leaves out undefined fields. */
export function postJson(path: string, fields: Readonly<Record<string, WireField | undefined>>): WireRequest {
  const members = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${jsonOf(value)}`],
  );
  const body = new Sensitive(`{${members.join(',')}}`);
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body };
}

function jsonOf(value: WireField): string {
  if (value instanceof RawJson) return value.text;
  return JSON.stringify(value instanceof Sensitive ? value.reveal() : value);
}

/** An id assigned by Flinks: documented as a GUID, treated as opaque. One that does not print could not be stored. */
export const wireId = z.string().refine((id) => reportedFlinksId(id) !== undefined);
