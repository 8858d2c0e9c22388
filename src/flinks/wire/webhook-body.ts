import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Size limit of a decoded body, in bytes. */
const MAX_WEBHOOK_BYTES = 64 * 1024;
const MAX_ENCODINGS = 2;

type Decode = (bytes: Buffer) => Buffer;

const LIMIT = { maxOutputLength: MAX_WEBHOOK_BYTES };
const gunzip: Decode = (bytes) => gunzipSync(bytes, LIMIT);
// Some senders omit the zlib wrapper that the standard requires. The low half of a wrapper's first byte is 8.
const inflate: Decode = (bytes) => ((bytes[0] ?? 0) % 16 === 8 ? inflateSync : inflateRawSync)(bytes, LIMIT);
const DECODERS: Readonly<Record<string, Decode | undefined>> = {
  identity: (bytes) => bytes,
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: (bytes) => brotliDecompressSync(bytes, LIMIT),
};

/** Why a body cannot be decoded. */
export type UnpackFailure = 'unknown_encoding' | 'too_large';

/**
 * Removes the encodings of a `content-encoding` header. They are listed in the order of their application, so the last
 * one is removed first. Accepts at most two encodings and 64 KiB of decoded bytes.
 */
export function unpack(body: Buffer, contentEncoding: string | undefined): Buffer | UnpackFailure {
  const names = (contentEncoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  const decoders = names.filter((name) => name !== '').map((name) => DECODERS[name]);
  if (decoders.length > MAX_ENCODINGS) return 'unknown_encoding';
  let unpacked = body;
  for (const decode of decoders.reverse()) {
    if (decode === undefined) return 'unknown_encoding';
    try {
      unpacked = decode(unpacked);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'unknown_encoding';
    }
  }
  return unpacked;
}

const BIG_ENDIAN = [
  [0xfe, 0xff],
  [0x00, 0x7b],
];
const LITTLE_ENDIAN = [
  [0xff, 0xfe],
  [0x7b, 0x00],
];

/**
 * Converts a JSON object in UTF-16 to UTF-8, and returns anything else unchanged. Recognises UTF-16 by its byte order
 * mark or by the zero next to the opening brace.
 */
export function toUtf8(body: Buffer): Buffer {
  const beginsWithOneOf = (marks: readonly number[][]) =>
    marks.some(([first, second]) => body[0] === first && body[1] === second);
  if (beginsWithOneOf(LITTLE_ENDIAN)) return Buffer.from(new TextDecoder('utf-16le').decode(body));
  if (beginsWithOneOf(BIG_ENDIAN)) return Buffer.from(new TextDecoder('utf-16be').decode(body));
  return body;
}
