/** The configured database or data keys cannot be used; found at start-up. */
export class StoreConfigurationError extends Error {
  override readonly name = 'StoreConfigurationError';

  /** `problem` completes a sentence that starts with the variable's name. Neither may contain a secret. */
  constructor(variable: 'DATABASE_URL' | 'DATA_ENCRYPTION_KEYS', problem: string) {
    super(`${variable} ${problem}`);
  }
}
