import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { SCOPES } from '../../src/domain/api-client.js';
import { close, listen, portOf } from './loopback.js';

const ISSUER = 'https://identity.example/';
const AUDIENCE = 'payments';

type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK & { readonly kid: string };
}

export interface TokenOptions {
  readonly algorithm?: Algorithm;
  /** In seconds from now. If given as undefined, the token has no expiry. */
  readonly expiresIn?: number | undefined;
  /** The key id in the header instead of that of the key. If given as undefined, the header has none. */
  readonly kid?: string | undefined;
}

/** An identity provider for tests: signs tokens, and serves its public keys on loopback. */
export class IdentityProvider {
  /** The number of requests for its keys. */
  requests = 0;
  /** While set, responds instead of the key endpoint. */
  fault: RequestListener | undefined;
  #keys = new Map<Algorithm, SigningKey>();
  #rotations = 0;

  readonly #server = createServer((request, response) => {
    this.requests += 1;
    if (this.fault !== undefined) this.fault(request, response);
    else response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify(this.keySet));
  });

  async start(): Promise<this> {
    await this.rotate();
    await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    await close(this.#server);
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/jwks.json`;
  }

  /** The environment of a gateway that accepts its tokens. */
  environment(): Record<string, string> {
    return { AUTH_MODE: 'jwt', AUTH_JWKS_URL: this.jwksUrl, AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE };
  }

  /** The served key set. */
  get keySet(): { readonly keys: readonly (JWK & { readonly kid: string })[] } {
    return { keys: [...this.#keys.values()].map(({ jwk }) => jwk) };
  }

  /** Signs a token. By default it has every scope and expires after five minutes. */
  async token(claims: JWTPayload = {}, options: TokenOptions = {}): Promise<string> {
    const algorithm = options.algorithm ?? 'ES256';
    const { privateKey, jwk } = this.#key(algorithm);
    const { kid } = 'kid' in options ? options : jwk;
    const nowS = Math.floor(Date.now() / 1_000);
    const { expiresIn } = 'expiresIn' in options ? options : { expiresIn: 300 };
    const exp = expiresIn === undefined ? {} : { exp: nowS + expiresIn };
    const standard = { sub: 'shop', scope: SCOPES.join(' '), iss: ISSUER, aud: AUDIENCE, iat: nowS, ...exp };
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) })
      .sign(privateKey);
  }

  /** The value of the header `authorization` with a new token. */
  async bearer(claims: JWTPayload = {}, options: TokenOptions = {}): Promise<string> {
    return `Bearer ${await this.token(claims, options)}`;
  }

  /** The public key of an algorithm. */
  publicKey(algorithm: Algorithm): CryptoKey {
    return this.#key(algorithm).publicKey;
  }

  /** Replaces all keys, for signing and in the served key set. */
  async rotate(): Promise<void> {
    this.#rotations += 1;
    const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
    const keys = await Promise.all(algorithms.map((algorithm) => this.#makeKey(algorithm)));
    this.#keys = new Map(algorithms.map((algorithm, index) => [algorithm, keys[index] as SigningKey]));
  }

  #key(algorithm: Algorithm): SigningKey {
    const key = this.#keys.get(algorithm);
    if (key === undefined) throw new Error('there is no such key');
    return key;
  }

  async #makeKey(algorithm: Algorithm): Promise<SigningKey> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const kid = `${algorithm}-${this.#rotations}`;
    return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } };
  }
}
