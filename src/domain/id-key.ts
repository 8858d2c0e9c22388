const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-x[0-9a-f]{10})?)\}?$/i;

/**
 * By what ids are compared and found: GUIDs without case and braces, also behind a suffix of ours (see `upstream-reference.ts`),
 * everything else in composed characters (NFC). A program that repeats an id may write it in another of these ways.
 */
export function idKey(id: string): string {
  const [, guid] = GUID.exec(id) ?? [];
  return guid?.toLowerCase() ?? id.normalize('NFC');
}

/** The ways in which an id may stand in a column that holds ids as they were told. */
export function spellingsOf(id: string): string[] {
  const key = idKey(id);
  return [...new Set(GUID.test(id) ? [id, key, key.toUpperCase()] : [id, key, id.normalize('NFD')])];
}

export function isSameId(one: string, other: string): boolean {
  return idKey(one) === idKey(other);
}
