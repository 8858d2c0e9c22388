import { MARK } from '../payment-calls.js';

// Texts that would be valid values of their fields without the inserted text.
export const inName = (text: string): string => `${MARK}${text} Tremblay`;
export const inEmail = (text: string): string => `${MARK}${text}x@example.com`;
export const inId = (text: string): string => `${MARK}${text}1042`;
export const inKey = (text: string): string => `${MARK}${text}first payment`;
export const inUrl = (text: string): string => `https://${MARK}.example/pay${text}`;

export const CONTROLS = ['\0', '\x07', '\b', '\x1b[31m', '\x7f', '\x80', '\x9b'];
export const LINE_BREAKS = ['\n', '\r', '\r\n', '\v', '\f', '\x85', '\u2028', '\u2029'];
// Directional marks, embeddings, overrides and isolates, each from left to right and from right to left.
export const BIDI = [
  '\u200e',
  '\u200f',
  '\u061c',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2069',
];
export const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e'];
// Hangul fillers, Khmer inherent vowels, variation selectors, invisible operators, tags, annotations, Braille blank.
export const INVISIBLE = [
  '\u115f',
  '\u1160',
  '\u3164',
  '\uffa0',
  '\u17b4',
  '\u180b',
  '\ufe0f',
  '\u2061',
  '\u206a',
].concat(['\u{e0001}', '\u{e0041}', '\u{e0100}', '\ufff9', '\u{1d173}', '\u2800']);
export const UNPAIRED_AND_UNASSIGNED = [
  '\ud800',
  '\udc00',
  '\udc00\ud800',
  '\ue000',
  '\u{f0000}',
  '\uffff',
  '\ufdd0',
  '\u0378',
];
