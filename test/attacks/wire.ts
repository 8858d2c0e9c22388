import { once } from 'node:events';
import { connectTo } from '../support/raw-http.js';
import { told } from './responses.js';
import type { World } from './world.js';

/**
 * Sends bytes that no HTTP client would, and gives the statuses of all that is answered until the connection closes.
 * `more` writes on for as long as it is open.
 */
export async function sendBytes(
  world: World,
  bytes: string | Buffer,
  more?: (write: (bytes: string) => boolean) => void,
): Promise<string> {
  const socket = connectTo(world.gateway);
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => undefined);
  const closed = once(socket, 'close').catch(() => undefined);
  socket.write(bytes);
  const timer = more && setInterval(() => more((text) => socket.writable && socket.write(text)), WRITE_MS);
  await closed;
  clearInterval(timer);
  const text = Buffer.concat(received).toString();
  return [...statusesOf(text), ...codesOf(text), 'closed'].join(' ');
}

const WRITE_MS = 5;

function statusesOf(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '');
}

function codesOf(text: string): string[] {
  const bodies = [...text.matchAll(/^\{"(?:errors|data)".*\}$/gm)].map(([body]) => told(undefined, body, []));
  return bodies.filter((words) => words !== '');
}

/** Lines of a request with the headers of the known caller of this gateway. */
export function requestLines(world: World, first: string, headers: readonly string[], body = ''): string {
  const known = Object.entries(world.known(body)).map(([name, value]) => `${name}: ${value}`);
  return [first, 'host: gateway', ...known, ...headers, '', body].join('\r\n');
}
