import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Sensitive } from '../../src/domain/sensitive.js';
import { TIME_TOLERANCE_MS, verifyWebhook, timingOf } from '../../src/flinks/verify-webhook.js';

/** The example in Flinks's documentation. */
const BODY =
  '{"sessionId":"5b0f3c1e-7a52-4d1b-9a55-2f6f0c9d1e77","referenceId":"LOAN-1042","amount":125.50,' +
  '"status":"Completed","statusDetails":"EFT0301","when":"2026-06-04T14:30:00Z"}';
const NOW_MS = Date.parse('2026-06-04T14:30:00Z');
const SECRET = 'whsec_example_0001';
const HEX = 'C602C7C9ABE645570AB98C8ACE7B384B4A3EA09EF4C37C8D36FF808AAFB3C34D';
const BASE64 = 'xgLHyavmRVcKuYyKzns4S0o+oJ70w3yNNv+Aiq+zw00=';

const hmac = (body: string | Buffer, secret = SECRET) => createHmac('sha256', secret).update(body).digest();

function verify(
  headers: Record<string, string>,
  body: string | Buffer = BODY,
  { secrets = [SECRET], nowMs = NOW_MS } = {},
) {
  const secretValues = secrets.map((secret) => new Sensitive(secret));
  return verifyWebhook(headers, new Sensitive(Buffer.from(body)), secretValues, nowMs);
}

function reasonOrKind(...delivery: Parameters<typeof verify>) {
  const result = verify(...delivery);
  return result.kind === 'rejected' ? result.reason : result.kind;
}

/** The result for a correctly signed body. */
function reasonOrKindSigned(body: string | Buffer, nowMs = NOW_MS) {
  return reasonOrKind({ 'x-webhook-signature': `sha256=${hmac(body).toString('hex')}` }, body, { nowMs });
}

describe('a webhook signature', () => {
  it.each([
    ['x-webhook-signature', `sha256=${HEX}`],
    ['x-flinks-signature', BASE64],
    ['flinks-authenticity-key', BASE64],
  ])('copied from the Flinks documentation is accepted in %s', (header, signature) => {
    expect(reasonOrKind({ [header]: signature })).toBe('readable');
  });

  it.each(['x-webhook-signature', 'x-flinks-signature', 'flinks-authenticity-key'])(
    'is accepted in any encoding in %s',
    (header) => {
      for (const signature of [HEX, HEX.toLowerCase(), `SHA256=${HEX.toLowerCase()}`, BASE64, ` sha256=${BASE64}`])
        expect(reasonOrKind({ [header]: signature })).toBe('readable');
    },
  );

  it('is accepted beside other headers with a wrong signature', () => {
    expect(reasonOrKind({ 'x-webhook-signature': 'sha256=00', 'flinks-authenticity-key': BASE64 })).toBe('readable');
  });

  it('is accepted for any configured secret, so that secrets can be rotated', () => {
    const headers = { 'x-webhook-signature': HEX };
    expect(reasonOrKind(headers, BODY, { secrets: ['the newest secret there is', SECRET] })).toBe('readable');
    expect(reasonOrKind(headers, BODY, { secrets: ['the newest secret there is'] })).toBe('bad_signature');
    expect(reasonOrKind(headers, BODY, { secrets: [] })).toBe('bad_signature');
  });

  it('is required', () => {
    expect(reasonOrKind({})).toBe('unsigned');
    expect(reasonOrKind({ 'x-webhook-signatures': HEX, signature: BASE64 })).toBe('unsigned');
  });

  it.each([
    ['is empty', ''],
    ['is cut short', HEX.slice(2)],
    ['is longer', `${HEX}00`],
    ['is made with another secret', hmac(BODY, 'whsec_example_0002').toString('hex')],
    ['is made from the body without its last byte', hmac(BODY.slice(0, -1)).toString('hex')],
    ['is not a hash', 'true'],
    ['is truncated Base64', BASE64.slice(0, -2)],
    ['is made with another hash function', createHmac('sha512', SECRET).update(BODY).digest('base64')],
  ])('is rejected when it %s', (_, signature) => {
    expect(reasonOrKind({ 'x-webhook-signature': signature })).toBe('bad_signature');
  });

  it('is rejected when any bit of the body or of the signature is changed', () => {
    const flips = fc.record({
      of: fc.constantFrom('body', 'signature'),
      at: fc.nat(),
      bit: fc.nat(7),
      header: fc.constantFrom('x-webhook-signature', 'x-flinks-signature', 'flinks-authenticity-key'),
      encoding: fc.constantFrom('hex' as const, 'base64' as const),
    });
    fc.assert(
      fc.property(flips, ({ of, at, bit, header, encoding }) => {
        const [body, signature] = [Buffer.from(BODY), hmac(BODY)];
        expect(reasonOrKind({ [header]: signature.toString(encoding) }, body)).toBe('readable');
        const changed = of === 'body' ? body : signature;
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(reasonOrKind({ [header]: signature.toString(encoding) }, body)).toBe('bad_signature');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the time in a webhook event', () => {
  const timing = (nowMs: number, body = BODY) => {
    const result = verify({ 'x-webhook-signature': hmac(body).toString('hex') }, body, { nowMs });
    return result.kind === 'readable' ? result.timing : result.kind;
  };

  it('is timely within the tolerance around the time of receipt and not beyond', () => {
    expect(timing(NOW_MS + TIME_TOLERANCE_MS)).toBe('timely');
    expect(timing(NOW_MS + TIME_TOLERANCE_MS + 1)).toBe('late');
    expect(timing(NOW_MS - TIME_TOLERANCE_MS)).toBe('timely');
    expect(timing(NOW_MS - TIME_TOLERANCE_MS - 1)).toBe('early');
  });

  it('never causes a rejection, because an outage may delay the first delivery', () => {
    for (const ms of [6 * 60_000, 86_400_000, 365 * 86_400_000, -6 * 60_000])
      expect(reasonOrKindSigned(BODY, NOW_MS + ms)).toBe('readable');
  });

  it('does not replace the signature', () => {
    expect(reasonOrKind({ 'x-webhook-signature': 'no' }, BODY, { nowMs: 0 })).toBe('bad_signature');
  });

  it('is optional', () => {
    expect(timing(NOW_MS, '{"sessionId":"s","status":"Accepted"}')).toBe('untimed');
    expect(timingOf(undefined, NOW_MS)).toBe('untimed');
  });
});

describe('an encoded webhook body', () => {
  const COMPRESSIONS = [
    ['gzip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['GZIP', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['gzip, identity', gzipSync(BODY)],
    ['gzip, br', brotliCompressSync(gzipSync(BODY))],
    ['identity', Buffer.from(BODY)],
    ['', Buffer.from(BODY)],
  ] as const;
  const headersOf = (encoding: string, signed: string | Buffer) => ({
    'content-encoding': encoding,
    'x-webhook-signature': hmac(signed).toString('hex'),
  });
  const reasonOf = (encoding: string, body: Buffer, signed: string | Buffer) =>
    reasonOrKind(headersOf(encoding, signed), body);

  it.each(COMPRESSIONS)('is read whether it was signed before or after compression: %s', (encoding, compressed) => {
    for (const signed of [compressed, BODY]) {
      const result = verify(headersOf(encoding, signed), compressed);
      expect(result.kind === 'readable' && result.body.reveal().toString()).toBe(BODY);
    }
    expect(reasonOf(encoding, compressed, `${BODY} `)).toBe('bad_signature');
  });

  it('is kept as received when it was signed compressed and cannot be decompressed', () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    for (const [encoding, body] of [
      ['zstd', Buffer.from(BODY)],
      ['gzip', Buffer.from(BODY)],
      ['gzip', gzipSync(BODY).subarray(0, -9)],
      ['br, br, br', Buffer.from(BODY)],
      ['gzip', bomb],
    ] as const) {
      const result = verify(headersOf(encoding, body), body);
      expect(result.kind !== 'rejected' && result.body.reveal()).toEqual(body);
    }
    expect(reasonOf('gzip', bomb, bomb)).toBe('unreadable');
  });

  it('is rejected when it cannot be decompressed and its signature matches nothing', () => {
    expect(reasonOf('zstd', Buffer.from(BODY), 'another')).toBe('unknown_encoding');
    expect(reasonOf('gzip', gzipSync(BODY).subarray(0, -9), BODY)).toBe('unknown_encoding');
    expect(reasonOf('gzip', gzipSync(Buffer.alloc(65_537)), Buffer.alloc(65_537))).toBe('too_large');
    expect(reasonOf('gzip', gzipSync(Buffer.alloc(65_536)), Buffer.alloc(65_536))).toBe('unreadable');
  });

  it('is never decompressed beyond the size limit, even when compressed twice', () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
    const before = process.memoryUsage().arrayBuffers;
    expect(reasonOf('gzip, gzip', bomb, BODY)).toBe('too_large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it.each([
    ['UTF-16LE with a byte order mark', Buffer.from(`\uFEFF${BODY}`, 'utf16le')],
    ['UTF-16LE', Buffer.from(BODY, 'utf16le')],
    ['UTF-16BE with a byte order mark', Buffer.from(`\uFEFF${BODY}`, 'utf16le').swap16()],
    ['UTF-16BE', Buffer.from(BODY, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${BODY}`)],
  ])('is read in %s', (_, body) => {
    expect(reasonOrKindSigned(body)).toBe('readable');
  });
});

describe('a signed webhook body', () => {
  const uncompressed = (body: Buffer): Buffer => body;
  const COMPRESSORS: readonly (readonly [encoding: string, compress: (body: Buffer) => Buffer])[] = [
    ['', uncompressed],
    ['x', uncompressed],
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ];

  it.each(['', 'null', '[]', '"sessionId"', '{', '{}', '{"status":"Accepted"}', '{"sessionId":""}', '\u0000'])(
    'without an id of a payment is unreadable: %j',
    (body) => {
      expect(reasonOrKindSigned(body)).toBe('unreadable');
    },
  );

  it('never makes the verification throw, whatever its bytes are', () => {
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(...COMPRESSORS), fc.boolean(), (body, [encoding, compress], isCompressed) => {
        const plain = Buffer.from(body);
        const sent = isCompressed ? compress(plain) : plain;
        for (const signed of [sent, plain]) {
          const headers = { 'content-encoding': encoding, 'x-webhook-signature': hmac(signed).toString('hex') };
          expect(['readable', 'unreadable']).toContain(reasonOrKind(headers, sent));
        }
        expect(['readable', 'unreadable']).toContain(reasonOrKindSigned(plain));
      }),
    );
  });
});
