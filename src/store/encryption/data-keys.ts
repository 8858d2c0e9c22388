import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Sensitive } from '../../domain/sensitive.js';

/** One entry of DATA_ENCRYPTION_KEYS: 32 bytes under a name that is stored beside whatever they protect. */
export interface DataKey {
  readonly id: string;
  readonly bytes: Sensitive<Buffer>;
}

/** Something was written under a key that this process does not have. */
export class UnknownDataKeyError extends Error {
  override readonly name = 'UnknownDataKey';

  constructor(readonly keyId: string) {
    super(`DATA_ENCRYPTION_KEYS has no key ${keyId}, which the store uses`);
  }
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

type Purpose = 'seal' | 'mac' | 'index' | 'check';

/**
 * Encrypts and authenticates what is secret or personal at rest. The first key writes, all of them read. Each purpose has a key
 * of its own, derived from the configured one.
 */
export class DataKeys {
  readonly #derived = new Map<string, Readonly<Record<Purpose, Buffer>>>();
  /** The key that writes. */
  readonly newestId: string;

  constructor(keys: readonly DataKey[]) {
    const [newest] = keys;
    if (newest === undefined) throw new Error('at least one data key is needed');
    this.newestId = newest.id;
    for (const { id, bytes } of keys) {
      const derive = (purpose: Purpose): Buffer => Buffer.from(hkdfSync('sha256', bytes.reveal(), '', purpose, 32));
      this.#derived.set(id, {
        seal: derive('seal'),
        mac: derive('mac'),
        index: derive('index'),
        check: derive('check'),
      });
    }
  }

  get ids(): string[] {
    return [...this.#derived.keys()];
  }

  /** `keyId.base64(iv, tag, ciphertext)`. `place` is bound to the text: moved to another row or column it does not open. */
  seal(text: Sensitive<string>, aad: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key(this.newestId).seal, iv).setAAD(Buffer.from(aad));
    const encrypted = Buffer.concat([cipher.update(text.reveal(), 'utf8'), cipher.final()]);
    return `${this.newestId}.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64')}`;
  }

  /** The text that was sealed at this place; throws `UnknownDataKey`, or an error when it was tampered with. */
  unseal(sealed: string, aad: string): Sensitive<string> {
    const dot = sealed.indexOf('.');
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
    const decipher = createDecipheriv(CIPHER, this.#key(sealed.slice(0, dot)).seal, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(aad))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return new Sensitive(text.toString('utf8'));
  }

  /** As `open`, for one row of many: undefined where this replica cannot open it, which must not keep the others from being read. */
  unsealIfPossible(sealed: string, aad: string): Sensitive<string> | undefined {
    try {
      return this.unseal(sealed, aad);
    } catch {
      return undefined;
    }
  }

  /** A fingerprint of text under the key of this id: equal for equal text, and of no use to who does not have the key. */
  mac(keyId: string, text: Sensitive<string>): string {
    return createHmac('sha256', this.#key(keyId).mac).update(text.reveal()).digest('base64');
  }

  /** What a sealed text is found by: `keyId.mac`, equal for equal text. */
  indexOf(text: Sensitive<string>): string {
    return this.#indexUnder(this.newestId, text);
  }

  /** Every index that the text may have been written under. */
  indexesOf(text: Sensitive<string>): string[] {
    return this.ids.map((id) => this.#indexUnder(id, text));
  }

  /** Tells whether another process's key of the same id is the same key, without telling the key. */
  checkValue(keyId: string): string {
    return createHmac('sha256', this.#key(keyId).check).digest('base64');
  }

  #indexUnder(keyId: string, text: Sensitive<string>): string {
    return `${keyId}.${createHmac('sha256', this.#key(keyId).index).update(text.reveal()).digest('base64')}`;
  }

  #key(keyId: string): Readonly<Record<Purpose, Buffer>> {
    const key = this.#derived.get(keyId);
    if (key === undefined) throw new UnknownDataKeyError(keyId);
    return key;
  }
}
