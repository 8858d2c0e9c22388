// As the URL standard writes them: the parser would silently drop or turn around the rest (line breaks, backslashes).
const URL_CHARACTERS = /^[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e#]*$/;

export function hasUrlCharacters(text: string): boolean {
  return URL_CHARACTERS.test(text);
}

/** Absolute http or https, with neither credentials nor fragment. */
export function isClientUrl(text: string): boolean {
  if (!/^https?:\/\/[^/]/i.test(text) || text.includes('#') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && !/^[^/]*:\/\/[^/?]*@/.test(text);
}

/** https, or plain http to this very machine where that is permitted. Lets pass what is no URL at all. */
export function isSecureClientUrl(text: string, loopbackHttpAllowed: boolean): boolean {
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:') return true;
  const { hostname } = new URL(text);
  return loopbackHttpAllowed && (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.'));
}

/** Indexes of the URLs that stand earlier in the list, written the same or not. */
export function duplicateIndexes(urls: readonly string[]): number[] {
  const keys = urls.map((url) => (URL.canParse(url) ? new URL(url).href : url));
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
