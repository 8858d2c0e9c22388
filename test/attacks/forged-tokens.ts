import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Attacker } from './attacker.js';

type Claims = Readonly<Record<string, unknown>>;

/** A key pair of the attacker. */
export const OWN_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Claims that the gateway would accept in a token signed by the identity provider. */
export function claims(change: Claims = {}): Claims {
  const nowS = Math.floor(Date.now() / 1_000);
  const scope = 'payments:create payments:send payments:read payments:cancel backoffice:read';
  return {
    sub: 'shop',
    scope,
    iss: 'https://identity.example/',
    aud: 'payments',
    iat: nowS,
    exp: nowS + 300,
    ...change,
  };
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any signature that the attacker can make. */
export function forge(header: Claims, payload: Claims, signatureOf: (signed: string) => Buffer): string {
  const signed = `${encoded({ typ: 'at+jwt', ...header })}.${encoded(payload)}`;
  return `${signed}.${signatureOf(signed).toString('base64url')}`;
}

export const signedByOwnKey =
  (key: KeyObject = OWN_KEY.privateKey) =>
  (signed: string): Buffer =>
    sign('sha256', Buffer.from(signed), key);

export const signedBySecret =
  (secret: string | Buffer) =>
  (signed: string): Buffer =>
    createHmac('sha256', secret).update(signed).digest();

export const unsigned = (): Buffer => Buffer.alloc(0);

/** The public RSA key of the identity provider, which anybody can fetch. */
export function publicJwk({ fixtures: { identityProvider } }: Attacker): Claims & { readonly kid: string } {
  const jwk = identityProvider.keySet.keys.find(({ alg }) => alg === 'RS256');
  if (jwk === undefined) throw new Error('there is no RSA key');
  return jwk;
}

/** A token whose claims were changed after it was signed. */
export function altered(token: string, change: Claims): string {
  const [header, payload = '', signature] = token.split('.');
  const before = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  return [header, encoded({ ...before, ...change }), signature].join('.');
}
