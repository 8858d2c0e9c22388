// As the URL standard writes them: the parser would silently drop or turn around the rest (line breaks, backslashes).
const URL_CHARACTERS = /^[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e#]*$/;

export function hasUrlCharacters(text: string): boolean {
  return URL_CHARACTERS.test(text);
}

// A name or an address. The parser lets pass more, such as the wildcard that a browser takes for all hosts.
const HOST = /^([\w-]+(\.[\w-]+)*\.?|\[[\da-f:.]+\])$/;

/** Absolute http or https, with neither credentials nor fragment. */
export function isClientUrl(text: string): boolean {
  if (!/^https?:\/\/[^/]/i.test(text) || text.includes('#') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return HOST.test(url.hostname) && url.username === '' && url.password === '' && !/^[^/]*:\/\/[^/?]*@/.test(text);
}

// The parser writes every form of an IPv4 address as four decimal numbers.
const LOOPBACK_HOST = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/;

/** https, or plain http to this very machine where that is permitted. Lets pass what is no URL at all. */
export function isSecureClientUrl(text: string, localAllowed: boolean): boolean {
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:') return true;
  const { hostname } = new URL(text);
  return localAllowed && LOOPBACK_HOST.test(hostname);
}

/**
 * Of a host with a name that has a dot, judged by how it is written: nothing is looked up, for this gateway never calls it. Lets pass
 * what is no client URL.
 */
export function hasPublicName(text: string): boolean {
  if (!isClientUrl(text)) return true;
  const { hostname } = new URL(text);
  const isAddress = hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
  return !isAddress && hostname.replace(/\.$/, '').includes('.') && !/\.localhost\.?$/.test(hostname);
}

/** Whether its origin is one of these, both as the parser writes them. Lets pass what is no client URL. */
export function isOfOrigins(text: string, origins: readonly string[]): boolean {
  return !isClientUrl(text) || origins.includes(new URL(text).origin);
}

/** Indexes of the URLs that stand earlier in the list, written the same or not. */
export function duplicateIndexes(urls: readonly string[]): number[] {
  const keys = urls.map((url) => (URL.canParse(url) ? new URL(url).href : url));
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
