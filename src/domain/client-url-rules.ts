import { isLoopback } from '../lib/loopback.js';

// The characters that the URL standard allows. The parser silently drops or converts others (line breaks, backslashes).
const URL_CHARACTERS = /^[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e#]*$/;

/** Whether text has only characters that the URL standard allows in a URL. */
export const hasUrlCharacters = (text: string): boolean => URL_CHARACTERS.test(text);

// A host name or an IP address. The parser accepts more, such as the wildcard that a browser takes for all hosts.
const HOST = /^([\w-]+(\.[\w-]+)*\.?|\[[\da-f:.]+\])$/;

/** Whether text is an absolute http or https URL with neither credentials nor fragment. */
export function isClientUrl(text: string): boolean {
  if (!/^https?:\/\/[^/]/i.test(text) || text.includes('#') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return HOST.test(url.hostname) && url.username === '' && url.password === '' && !/^[^/]*:\/\/[^/?]*@/.test(text);
}

/** Whether a URL is https, or plain http to the local machine where that is allowed. Accepts text that is not a URL. */
export function isSecureClientUrl(text: string, localAllowed: boolean): boolean {
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:') return true;
  const { hostname } = new URL(text);
  return localAllowed && isLoopback(hostname);
}

/** Whether a URL's host is spelled as a name with a dot; nothing resolves it. True for text that is no client URL. */
export function hasPublicName(text: string): boolean {
  if (!isClientUrl(text)) return true;
  const { hostname } = new URL(text);
  const isAddress = hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
  return !isAddress && hostname.replace(/\.$/, '').includes('.') && !/\.localhost\.?$/.test(hostname);
}

/** Whether the URL's origin is in a list, spelled as by the parser. True for text that is no client URL. */
export function isOfOrigins(text: string, origins: readonly string[]): boolean {
  return !isClientUrl(text) || origins.includes(new URL(text).origin);
}

/** Indexes of the URLs that repeat an earlier one of the list, after normalization. */
export function duplicateIndexes(urls: readonly string[]): number[] {
  const keys = urls.map((url) => (URL.canParse(url) ? new URL(url).href : url));
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
