import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Sensitive } from '../../domain/sensitive.js';
import type { Database } from '../database/database.js';
import { StoreConfigurationError } from '../database/database.js';
import type { Tables } from '../database/tables.js';
import { RandomBlocks } from './random-blocks.js';

/** One entry of DATA_ENCRYPTION_KEYS: 32 bytes, with an id that is stored with everything they protect. */
export interface DataKey {
  readonly id: string;
  readonly bytes: Sensitive<Buffer>;
}

/** A value was encrypted with a data key that this process does not have. */
export class UnknownDataKeyError extends Error {
  override readonly name = 'UnknownDataKeyError';

  constructor(readonly keyId: string) {
    super(`DATA_ENCRYPTION_KEYS has no key ${keyId}, which the database uses`);
  }
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

type Purpose = 'seal' | 'mac' | 'index' | 'check';

/**
 * Encrypts, authenticates and indexes secrets and personal data at rest. The first key is used for new data, all keys
 * for existing data. Each purpose has its own key, derived from the configured one.
 */
export class DataKeys {
  readonly #derived = new Map<string, Readonly<Record<Purpose, KeyObject>>>();
  readonly #ivs = new RandomBlocks(IV_BYTES);
  /** Id of the key for new data. */
  readonly newestId: string;

  constructor(keys: readonly DataKey[]) {
    const [newest] = keys;
    if (newest === undefined) throw new Error('at least one data key is needed');
    this.newestId = newest.id;
    for (const { id, bytes } of keys) {
      const derive = (purpose: Purpose): KeyObject =>
        createSecretKey(Buffer.from(hkdfSync('sha256', bytes.reveal(), '', purpose, 32)));
      const [seal, mac, index, check] = [derive('seal'), derive('mac'), derive('index'), derive('check')];
      this.#derived.set(id, { seal, mac, index, check });
    }
  }

  /** Ids of all keys, the one for new data first. */
  get ids(): string[] {
    return [...this.#derived.keys()];
  }

  /** Seals text as `keyId.base64(iv, tag, ciphertext)`. `aad` names row and column: elsewhere it cannot be unsealed. */
  seal(text: Sensitive<string>, aad: string): string {
    const iv = this.#ivs.next();
    const cipher = createCipheriv(CIPHER, this.#key(this.newestId).seal, iv).setAAD(Buffer.from(aad));
    const encrypted = cipher.update(text.reveal(), 'utf8');
    // GCM is a stream cipher: nothing of the text is left for the end.
    cipher.final();
    return `${this.newestId}.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64')}`;
  }

  /** Unseals text of the same `aad`; throws an `UnknownDataKeyError`, or another error if it was tampered with. */
  unseal(sealed: string, aad: string): Sensitive<string> {
    const dot = sealed.indexOf('.');
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
    const decipher = createDecipheriv(CIPHER, this.#key(sealed.slice(0, dot)).seal, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(aad))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return new Sensitive(text.toString('utf8'));
  }

  /** Like `unseal`, but returns undefined instead of throwing: an unreadable row does not prevent reading others. */
  unsealIfPossible(sealed: string, aad: string): Sensitive<string> | undefined {
    try {
      return this.unseal(sealed, aad);
    } catch {
      return undefined;
    }
  }

  /** MAC of text under the key with this id: equal for equal text, and useless without the key. */
  mac(keyId: string, text: Sensitive<string>, encoding: 'base64' | 'hex' = 'base64'): string {
    return createHmac('sha256', this.#key(keyId).mac).update(text.reveal()).digest(encoding);
  }

  /** Blind index by which a sealed text is found: `keyId.mac`, equal for equal text. */
  indexOf(text: Sensitive<string>): string {
    return this.#indexUnder(this.newestId, text);
  }

  /** Every blind index under which the text may be stored, one for each key. */
  indexesOf(text: Sensitive<string>): string[] {
    return this.ids.map((id) => this.#indexUnder(id, text));
  }

  /** Shows whether another process's key of the same id is the same key, without revealing the key. */
  checkValue(keyId: string): string {
    return createHmac('sha256', this.#key(keyId).check).digest('base64');
  }

  #indexUnder(keyId: string, text: Sensitive<string>): string {
    return `${keyId}.${createHmac('sha256', this.#key(keyId).index).update(text.reveal()).digest('base64')}`;
  }

  #key(keyId: string): Readonly<Record<Purpose, KeyObject>> {
    const key = this.#derived.get(keyId);
    if (key === undefined) throw new UnknownDataKeyError(keyId);
    return key;
  }
}

/**
 * Rejects a database with anything encrypted or indexed under a data key that is missing, or differs from the one of
 * its id: it could not be decrypted, nor repeated requests recognized. Then records the key for new data.
 */
export function checkDataKeys(database: Database, keys: DataKeys): Promise<void> {
  return database.migrate(async (transaction) => {
    for (const known of await transaction.selectFrom('data_keys').selectAll().execute()) {
      if (!keys.ids.includes(known.id)) await rejectIfUsed(transaction, known.id);
      else if (known.check_value !== keys.checkValue(known.id))
        throw keysError(`has a different key ${known.id} than the one with which the database was encrypted`);
    }
    await transaction
      .insertInto('data_keys')
      .values({ id: keys.newestId, check_value: keys.checkValue(keys.newestId) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  });
}

async function rejectIfUsed(transaction: Kysely<Tables>, id: string): Promise<void> {
  // Not `like`: ids may contain its wildcards.
  const isSealed = (column: string) => sql`substr(${sql.ref(column)}, 1, ${id.length + 1}) = ${`${id}.`}`;
  const { rows } = await sql<{ used: number }>`
    select 1 as used where exists (select 1 from payment_sessions
      where ${isSealed('customer_name')} or ${isSealed('customer_email')} or ${isSealed('session_id')} or ${isSealed('session_index')}
        or ${isSealed('payer_index')})
    or exists (select 1 from abandoned_attempts where ${isSealed('session_id')} or ${isSealed('session_index')})
    or exists (select 1 from webhook_inbox where ${isSealed('digest')} or ${isSealed('payload')})
    or exists (select 1 from callback_subscriptions where ${isSealed('id')} or ${isSealed('registration')})
    or exists (select 1 from reconciliation_rows where ${isSealed('payer')})
    or exists (select 1 from idempotency_keys where fingerprint_key_id = ${id})`.execute(transaction);
  if (rows.length > 0) throw keysError(`lacks the key ${id}, which the database uses: append it to the list`);
  await transaction.deleteFrom('data_keys').where('id', '=', id).execute();
}

function keysError(problem: string): StoreConfigurationError {
  return new StoreConfigurationError('DATA_ENCRYPTION_KEYS', problem);
}
