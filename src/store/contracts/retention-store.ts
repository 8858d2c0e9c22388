/** What time does to keys and payments. Each method takes a small batch, and tells how many it did. */
export interface RetentionStore {
  /** Removes keys that were released before, with their payments that never came to be. */
  removeReleased(before: Date): Promise<number>;
  /** Removes the keys of payments that became final before. */
  removeKeys(before: Date): Promise<number>;
  /** Removes webhooks that came before, but for those that wait. */
  removeWebhooks(before: Date): Promise<number>;
  /** Erases name, e-mail, session ids and webhooks of payments that became final before, of one user if given. */
  erasePersonalData(before: Date, userId?: string): Promise<number>;
  /** Erases who pays from rows of files that were imported before. */
  erasePayers(before: Date): Promise<number>;
  /** How many payments of a user have personal data. */
  countPersonalData(userId: string): Promise<number>;
}
