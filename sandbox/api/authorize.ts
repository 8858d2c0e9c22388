import { Rejection } from '../rejection.js';
import type { Switches } from '../switches.js';
import type { ApiCall, Work } from './call.js';
import { requireContentType } from './checks.js';

/** Work of POST /api/v1/authorize: issues an access token. */
export const authorize: Work = (call, { switches, state }) => {
  requireContentType(call, 'application/x-www-form-urlencoded');
  const form = new URLSearchParams(call.body);
  if (form.get('grant_type') !== 'client_credentials') {
    throw new Rejection(400, 'wrong-grant', 'Send grant_type=client_credentials in the form body.');
  }
  requireCredentials(call, form, switches);
  const token = state.issueToken(switches.tokenLifeSeconds);
  return { body: { access_token: token, token_type: 'bearer', expires_in: switches.tokenLifeSeconds } };
};

function requireCredentials(call: ApiCall, form: URLSearchParams, switches: Switches): void {
  const given = switches.credentials === 'basic' ? basic(call) : `${form.get('Username')}:${form.get('Password')}`;
  if (given === `${switches.username}:${switches.password}`) return;
  const place = switches.credentials === 'basic' ? 'with HTTP Basic' : 'in the form fields Username and Password';
  throw new Rejection(401, 'wrong-credentials', `Send the username and the password of this sandbox ${place}.`);
}

function basic(call: ApiCall): string {
  const encoded = /^Basic (\S+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}
