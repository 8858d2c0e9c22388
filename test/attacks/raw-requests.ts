import { once } from 'node:events';
import { connectTo } from '../support/raw-http.js';
import type { Attacker } from './attacker.js';
import { summarize } from './responses.js';

/**
 * Sends bytes that no HTTP client would send. Summarizes everything that the gateway sends until it closes the connection.
 * `more` is called every few milliseconds to write further bytes.
 */
export async function sendBytes(
  attacker: Attacker,
  bytes: string | Buffer,
  more?: (write: (bytes: string) => boolean) => void,
): Promise<string> {
  const socket = connectTo(attacker.gateway);
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => undefined);
  const closed = once(socket, 'close').catch(() => undefined);
  socket.write(bytes);
  const timer = more && setInterval(() => more((text) => socket.writable && socket.write(text)), WRITE_INTERVAL_MS);
  await closed;
  clearInterval(timer);
  const text = Buffer.concat(received).toString();
  const summary = [...statusesOf(text), ...bodySummariesOf(text)].join(' ');
  return summary === '' ? 'connection closed' : `${summary}, connection closed`;
}

const WRITE_INTERVAL_MS = 5;

function statusesOf(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '');
}

function bodySummariesOf(text: string): string[] {
  const summaries = [...text.matchAll(/^\{"(?:errors|data)".*\}$/gm)].map(([body]) => summarize(undefined, body, []));
  return summaries.filter((summary) => summary !== '');
}

/** The bytes of a request with the attacker's credentials. */
export function rawRequest(attacker: Attacker, requestLine: string, headers: readonly string[], body = ''): string {
  const credentials = Object.entries(attacker.credentials).map(([name, value]) => `${name}: ${value}`);
  return [requestLine, 'host: gateway', ...credentials, ...headers, '', body].join('\r\n');
}

/** The bytes of a POST request with JSON. */
export function rawPost(attacker: Attacker, headers: readonly string[], body = ''): string {
  return rawRequest(attacker, 'POST /graphql HTTP/1.1', ['content-type: application/json', ...headers], body);
}
