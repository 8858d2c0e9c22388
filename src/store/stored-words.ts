/** Words that columns hold in place of the domain's, from before the domain's were chosen. */
const STORED_WORDS = {
  OUTCOME_UNKNOWN: 'UNKNOWN',
  COLUMN_COUNT: 'CELLS',
  PAYMENT_REQUEST_ID: 'REQUEST_ID',
  LATE_UPDATE: 'LATE_NEWS',
  MISSING_IN_GATEWAY: 'MISSING_HERE',
  AMOUNT_MISMATCH: 'AMOUNT_DIFFERS',
  IDENTITY_MISMATCH: 'IDENTITY_DIFFERS',
  STATUS_MISMATCH: 'STATUS_DIFFERS',
  INVALID_ROW: 'UNREADABLE_ROW',
  applied: 'moved',
  overridden: 'overtook',
  conflicting: 'contradicted',
} as const;

type StoredWords = typeof STORED_WORDS;

/** The word of a column for a word of the domain. */
export type Stored<Word extends string> = Word extends keyof StoredWords ? StoredWords[Word] : Word;

const DOMAIN_WORDS = new Map<string, string>(Object.entries(STORED_WORDS).map(([word, stored]) => [stored, word]));

export function toStored<Word extends string>(word: Word): Stored<Word>;
export function toStored<Word extends string>(word: Word | undefined): Stored<Word> | null;
export function toStored(word: string | undefined): string | null {
  if (word === undefined) return null;
  return Object.hasOwn(STORED_WORDS, word) ? STORED_WORDS[word as keyof StoredWords] : word;
}

export function fromStored<Word extends string>(stored: Stored<Word>): Word;
export function fromStored<Word extends string>(stored: Stored<Word> | null): Word | undefined;
export function fromStored(stored: string | null): string | undefined {
  return stored === null ? undefined : (DOMAIN_WORDS.get(stored) ?? stored);
}
