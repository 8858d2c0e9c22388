import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

const MAX_ENCODINGS = 2;
/** Size limit of a decoded body, in bytes. */
const LIMIT = { maxOutputLength: 64 * 1024 };

type Decode = (bytes: Buffer) => Buffer;

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
 * Removes the encodings of a `content-encoding` header, which lists them in the order of their application: the last
 * one first. Accepts at most two encodings and 64 KiB of decoded bytes.
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

/** The byte order mark, and an opening brace. */
const LITTLE_ENDIAN = [Buffer.of(0xff, 0xfe), Buffer.of(0x7b, 0x00)];
const BIG_ENDIAN = LITTLE_ENDIAN.map((bytes) => Buffer.from(bytes).swap16());

/** Converts a JSON object in UTF-16, recognized by its first two bytes, to UTF-8. Returns anything else unchanged. */
export function toUtf8(body: Buffer): Buffer {
  const startsWithOneOf = (beginnings: readonly Buffer[]) =>
    beginnings.some((beginning) => beginning.equals(body.subarray(0, 2)));
  if (startsWithOneOf(LITTLE_ENDIAN)) return Buffer.from(new TextDecoder('utf-16le').decode(body));
  if (startsWithOneOf(BIG_ENDIAN)) return Buffer.from(new TextDecoder('utf-16be').decode(body));
  return body;
}
