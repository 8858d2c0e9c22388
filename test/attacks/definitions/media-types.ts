import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { emailMutation } from '../requests.js';

const JSON_ONLY = 'src/server/http/http-server.ts accepts only JSON';

const urlEncoded = ({ query, variables }: ReturnType<typeof emailMutation>): string =>
  new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString();

const multipart = (body: object): string =>
  `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify(body)}\r\n--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`;

/** Sends a body under each of several media types. */
function sendAs(attacker: Attacker, body: unknown, types: readonly string[]): Promise<string> {
  return sendEach(types, (type) => attacker.send(body, { headers: { 'content-type': type } }));
}

/** Bodies that are not JSON or have another content type. */
export const mediaTypeAttacks: readonly Attack[] = [
  {
    name: 'sends JSON as plain text',
    details: 'A mutation as text/plain, which a browser sends to another site without a preflight request.',
    stage: 'http',
    stoppedBy: 'Apollo Server (csrfPrevention)',
    response: '400 BAD_REQUEST',
    run: (attacker) =>
      sendAs(attacker, emailMutation(), ['text/plain', 'text/plain;charset=utf-8', 'text/plain; application/json']),
  },
  {
    name: 'sends a URL-encoded form',
    details: 'A mutation as application/x-www-form-urlencoded.',
    stage: 'http',
    stoppedBy: JSON_ONLY,
    response: '415 BAD_REQUEST',
    run: (attacker) => sendAs(attacker, urlEncoded(emailMutation()), ['application/x-www-form-urlencoded']),
  },
  {
    name: 'sends a multipart form',
    details: 'A mutation as multipart/form-data with the parts operations and map, as for a file upload.',
    stage: 'http',
    stoppedBy: JSON_ONLY,
    response: '415 BAD_REQUEST',
    run: (attacker) => sendAs(attacker, multipart(emailMutation()), ['multipart/form-data; boundary=x']),
  },
  {
    name: 'sends JSON under other media types',
    details: 'A mutation as text/json, application/graphql, XML, NDJSON, an image, and a type that does not exist.',
    stage: 'http',
    stoppedBy: JSON_ONLY,
    response: '415 BAD_REQUEST',
    run: (attacker) =>
      sendAs(attacker, emailMutation(), [
        'text/json',
        'application/graphql',
        'application/xml',
        'application/x-ndjson',
        'image/png',
        'x',
      ]),
  },
  {
    name: 'sends invalid JSON',
    details: 'JSON that is cut off, sent twice, or contains NaN, a comment or NUL; no body; null, a number and a list.',
    stage: 'http',
    stoppedBy: 'Fastify (JSON.parse)',
    response: '400 BAD_REQUEST',
    run: (attacker) => {
      const json = JSON.stringify(emailMutation());
      return sendEach(
        [json.slice(0, -1), json + json, '{"query":NaN}', `// x\n${json}`, `${json}\0`, '', 'null', '5', '[]'],
        (body) => attacker.send(body),
      );
    },
  },
  {
    name: 'sends a compressed body',
    details: 'A body with content-encoding gzip, br or deflate, as a decompression bomb would have.',
    stage: 'http',
    stoppedBy: 'The gateway decompresses no requests',
    response: '400 BAD_REQUEST',
    run: (attacker) =>
      sendEach(['gzip', 'br', 'deflate'], (encoding) =>
        attacker.send(Buffer.from('1f8b0800000000000003', 'hex').toString('latin1'), {
          headers: { 'content-encoding': encoding },
        }),
      ),
  },
  {
    name: 'accepts only media types that the gateway does not produce',
    details: 'A mutation with accept: text/html, image/*, application/xml or multipart/mixed.',
    stage: 'http',
    stoppedBy: 'src/server/request/content-negotiation.ts',
    response: '406 BAD_REQUEST',
    run: (attacker) =>
      sendEach(['text/html', 'image/*', 'application/xml;q=1', 'multipart/mixed'], (accept) =>
        attacker.send(emailMutation(), { headers: { accept } }),
      ),
  },
];
