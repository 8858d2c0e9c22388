/** Applies data retention to keys and payments. Each method processes a small batch and returns its size. */
export interface RetentionStore {
  /** Removes keys that were released before a time, with their payments, which were never started. */
  removeReleased(before: Date): Promise<number>;
  /** Removes the keys of payments that became final before a time. */
  removeKeys(before: Date): Promise<number>;
  /** Removes webhook events that were received before a time, except waiting ones. */
  removeWebhooks(before: Date): Promise<number>;
  /** Erases name, e-mail, session ids and webhook events of payments (of a user) that were final before a time. */
  erasePersonalData(before: Date, userId?: string): Promise<number>;
  /** Erases the payers from rows of files that were imported before a time. */
  erasePayers(before: Date): Promise<number>;
  /** Number of a user's payments that have personal data. */
  countPersonalData(userId: string): Promise<number>;
}
