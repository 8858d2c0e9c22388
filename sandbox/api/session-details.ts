import { z } from 'zod';
import { isPayable } from '../amounts.js';
import { Rejection } from '../rejection.js';
import type { Session, SessionDetails } from '../state.js';
import { problemsOf, type Switches } from '../switches.js';
import type { ApiCall } from './call.js';
import { readFields, type Fields } from './checks.js';
import { textOfField } from './field-text.js';

const mandatory = {
  initiate: ['customerName', 'customerEmail', 'amount', 'userId', 'referenceId'],
  sendrequest: ['customerName', 'customerEmail', 'amount', 'userId'],
};

/** Reads the body of a session creation. Throws a Rejection that lists every problem. */
export function readSessionDetails(call: ApiCall, startedBy: Session['startedBy'], switches: Switches): SessionDetails {
  const fields = readFields(call);
  const missing = mandatory[startedBy].filter((name) => !fields.has(name.toLowerCase()));
  if (missing.length > 0) {
    throw new Rejection(400, 'missing-field', `Send these mandatory fields as well: ${missing.join(', ')}.`);
  }
  requireSpelling(fields, switches);
  const read = detailsSchema(switches).safeParse({
    customerName: fields.get('customername'),
    customerEmail: fields.get('customeremail'),
    userId: fields.get('userid'),
    referenceId: fields.get('referenceid') ?? fields.get('userid'),
    amount: amountText(fields, call, switches),
    clientUrls: fields.get(switches.clientUrlsField.toLowerCase()),
  });
  if (!read.success) throw new Rejection(400, 'invalid-field', `Correct these fields: ${problemsOf(read.error)}.`);
  return read.data;
}

function detailsSchema({ amountEncoding }: Switches) {
  const text = z.string().trim().min(1, 'must not be empty');
  const example = amountEncoding === 'number' ? '250.10 without quotes' : '"250.10" in quotes';
  return z.object({
    customerName: text,
    customerEmail: z.email(),
    userId: text,
    referenceId: text,
    amount: z
      .string(`must be a JSON ${amountEncoding}, such as ${example}`)
      .refine(isPayable, 'must be greater than zero, with at most 2 decimals and no exponent'),
    clientUrls: z.array(z.url({ protocol: /^https?$/ })).default([]),
  });
}

/** The amount as written; undefined if it has the other encoding. */
function amountText(fields: Fields, call: ApiCall, { amountEncoding }: Switches): unknown {
  const amount = fields.get('amount');
  if (typeof amount !== amountEncoding) return undefined;
  return amountEncoding === 'string' ? amount : textOfField(call.body, 'amount');
}

function requireSpelling(fields: Fields, { clientUrlsField }: Switches): void {
  const otherSpelling = clientUrlsField === 'clientUrls' ? 'clientURIs' : 'clientUrls';
  if (!fields.has(otherSpelling.toLowerCase())) return;
  throw new Rejection(400, 'invalid-field', `Send the client URLs as ${clientUrlsField}, not as ${otherSpelling}.`);
}
