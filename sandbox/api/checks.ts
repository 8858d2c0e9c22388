import type { Parts } from '../parts.js';
import { Rejection } from '../rejection.js';
import type { Token } from '../state.js';
import type { Switches } from '../switches.js';
import type { ApiCall } from './call.js';

/** Fields of a body by lower-case name, without null ones: Flinks seems to bind fields like ASP.NET [inferred]. */
export type Fields = ReadonlyMap<string, unknown>;

/** Throws a Rejection unless the call has this content type. */
export function requireContentType(call: ApiCall, wanted: string): void {
  const given = call.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (given === wanted) return;
  throw new Rejection(
    400,
    'wrong-content-type',
    `Send the body as ${wanted}; this one has ${given === undefined ? 'no type' : `the type ${given}`}.`,
  );
}

/** Checks the token and the BaseURI header, which every V1 call after authorize carries. */
export function requireTokenAndInstance(call: ApiCall, parts: Parts): Token {
  const token = requireToken(call, parts);
  requireInstance(call, parts.switches);
  return token;
}

/** Checks the token only: the documents name no other header for V2 calls. */
export function requireToken(call: ApiCall, { switches, state }: Parts): Token {
  const text = switches.tokenHeader === 'Authorization' ? bearer(call) : call.headers['bearertoken'];
  if (typeof text !== 'string') {
    const example = switches.tokenHeader === 'Authorization' ? 'Authorization: Bearer' : 'BearerToken:';
    throw new Rejection(401, 'missing-token', `Send the header "${example} <access_token>".`);
  }
  const token = state.tokens.get(text);
  if (token === undefined) {
    throw new Rejection(
      401,
      'unknown-token',
      'This sandbox did not issue this token; get one from POST /api/v1/authorize.',
    );
  }
  if (Date.now() >= token.expiresAt) {
    throw new Rejection(401, 'expired-token', 'This token has expired; authorize again and watch expires_in.');
  }
  return token;
}

function bearer(call: ApiCall): string | undefined {
  return /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
}

function requireInstance(call: ApiCall, { instance }: Switches): void {
  const given = call.headers['baseuri'];
  if (given === undefined || given === '') {
    throw new Rejection(400, 'missing-base-uri', 'Send the header BaseURI with the instance name given at onboarding.');
  }
  if (given !== instance) {
    throw new Rejection(
      400,
      'wrong-base-uri',
      `The header BaseURI must be "${instance}", the instance of this sandbox.`,
    );
  }
}

/** Reads the fields of a JSON body. Throws a Rejection if it is not a JSON object. */
export function readFields(call: ApiCall): Fields {
  requireContentType(call, 'application/json');
  const body = parse(call.body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Rejection(400, 'malformed-body', 'Send one JSON object as the body.');
  }
  const given = Object.entries(body).filter(([, value]) => value !== null);
  return new Map(given.map(([name, value]) => [name.toLowerCase(), value as unknown]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection(400, 'malformed-body', 'The body is not JSON; check its quotes, commas and length.');
  }
}
