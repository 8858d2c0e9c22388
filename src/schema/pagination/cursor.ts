type Part = string | number;

/** A place in a list as opaque text that needs no escaping anywhere. `place`: what the list is in the order of. */
export function encodeCursor(place: readonly Part[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** What `cursorOf` was given, each part still to be judged: whoever likes can write a cursor. Undefined for other text. */
export function decodeCursor(cursor: string): readonly Part[] | undefined {
  const place = parsed(Buffer.from(cursor, 'base64url').toString());
  // Decoding overlooks what does not belong into base64url.
  return isPlace(place) && encodeCursor(place) === cursor ? place : undefined;
}

function isPlace(value: unknown): value is Part[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
