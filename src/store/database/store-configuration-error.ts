/** A store that the program must not work with, found at the start. */
export class StoreConfigurationError extends Error {
  override readonly name = 'UnfitStore';

  /** `problem` completes a sentence that starts with the variable's name; neither tells a secret. */
  constructor(variable: 'DATABASE_URL' | 'DATA_ENCRYPTION_KEYS', problem: string) {
    super(`${variable} ${problem}`);
  }
}
