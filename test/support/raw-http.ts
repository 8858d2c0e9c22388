import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TestGateway } from './gateway.js';

/** A TCP connection, for requests that no HTTP client would send. */
export function connectTo({ url }: TestGateway): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1');
}

/** The bytes of a request to /graphql. */
export function httpRequest(body: object, host = 'localhost'): string {
  const json = JSON.stringify(body);
  const head = ['POST /graphql HTTP/1.1', `host: ${host}`, 'content-type: application/json'];
  return [...head, `content-length: ${Buffer.byteLength(json)}`, '', json].join('\r\n');
}
