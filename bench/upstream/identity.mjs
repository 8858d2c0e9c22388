import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export const ISSUER = 'https://identity.example/';
export const AUDIENCE = 'payments';
const SCOPES = 'payments:create payments:send payments:read payments:cancel reconciliation:read backoffice:read';

/** Signs access tokens as an identity provider does. */
export class Identity {
  #privateKey;

  static async create() {
    const identity = new Identity();
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    identity.#privateKey = privateKey;
    identity.keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] };
    return identity;
  }

  /** One access token for each of `count` clients. */
  tokens(count) {
    return Promise.all(Array.from({ length: count }, (_, index) => this.#token(`client-${index}`)));
  }

  #token(client) {
    return new SignJWT({ scope: SCOPES })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
      .setSubject(client)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('6h')
      .sign(this.#privateKey);
  }
}
