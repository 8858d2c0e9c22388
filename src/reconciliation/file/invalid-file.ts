/** A file that cannot be imported; nothing of it was stored. The message says why, and contains no value of a row. */
export class InvalidFileError extends Error {
  override readonly name = 'InvalidFileError';
}
