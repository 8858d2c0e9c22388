type Part = string | number;

/** Encodes a position in a list, the values of its sort key, as opaque text that needs no escaping anywhere. */
export function encodeCursor(position: readonly Part[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Decodes a cursor; undefined for text that `encodeCursor` cannot have returned. Anybody can make a cursor up, so each
 * part still has to be checked.
 */
export function decodeCursor(cursor: string): readonly Part[] | undefined {
  try {
    const position = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    // Decoding ignores characters outside of base64url, hence the comparison.
    return isPosition(position) && encodeCursor(position) === cursor ? position : undefined;
  } catch {
    return undefined;
  }
}

function isPosition(value: unknown): value is Part[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number');
}
