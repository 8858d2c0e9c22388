import { z } from 'zod';
import { reportedFlinksId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import { decimalText } from '../../domain/money.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';

declare global {
  interface JSON {
    /** Node has this, and TypeScript does not declare it yet: `stringify` writes the text of the result unchanged. */
    rawJSON(text: string): RawJson;
  }
}

/** What `JSON.rawJSON` returns. */
interface RawJson {
  readonly rawJSON: string;
}

type WireField = string | readonly string[] | RawJson | Sensitive<string>;

/** The amount with exactly two decimals: 250.10 stays `250.10`, which a JavaScript number would shorten. */
export function amountField(amount: Money, variant: ApiVariant): WireField {
  const text = decimalText(amount.amountMinor);
  return variant.amountEncoding === 'number' ? JSON.rawJSON(text) : text;
}

/** A POST of a flat JSON object, which leaves out undefined fields. */
export function postJson(path: string, fields: Readonly<Record<string, WireField | undefined>>): WireRequest {
  const revealed = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Sensitive ? value.reveal() : value,
  ]);
  const body = new Sensitive(JSON.stringify(Object.fromEntries(revealed)));
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body };
}

/** An id assigned by Flinks: documented as a GUID, treated as opaque. One that does not print could not be stored. */
export const wireId = z.string().refine((id) => reportedFlinksId(id) !== undefined);
