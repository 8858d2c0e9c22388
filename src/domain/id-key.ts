const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-x[0-9a-f]{10})?)\}?$/i;

/**
 * The normalized form in which ids are compared and found: GUIDs in lower case and without braces, also before the
 * gateway's suffix (see `upstream-reference.ts`), everything else in composed characters (NFC). Other systems may spell
 * an id that they repeat in another of these forms.
 */
export function idKey(id: string): string {
  const [, guid] = GUID.exec(id) ?? [];
  return guid?.toLowerCase() ?? id.normalize('NFC');
}

/** The spellings that an id may have in a column that holds ids as they were reported. */
export function spellingsOf(id: string): string[] {
  const key = idKey(id);
  return [...new Set(GUID.test(id) ? [id, key, key.toUpperCase()] : [id, key, id.normalize('NFD')])];
}

/** Whether two ids are the same after normalization. */
export function isSameId(one: string, other: string): boolean {
  return idKey(one) === idKey(other);
}
