import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Attacker } from './attacker.js';
import { summarize } from './responses.js';

interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: string;
  /** Ignores results and errors, and waits for the gateway to close the socket. */
  readonly untilClosed?: boolean;
}

/** Opens a WebSocket and sends messages. Summarizes the first result or error, the close code, or a rejected upgrade. */
export async function sendMessages(
  attacker: Attacker,
  messages: readonly unknown[],
  { headers = {}, protocol, untilClosed }: SocketOptions = {},
): Promise<string> {
  const socket = openSocket(attacker, { headers, ...(protocol === undefined ? {} : { protocol }) });
  const rejected = once(socket, 'unexpected-response').then(([, response]) =>
    String((response as { statusCode: number }).statusCode),
  );
  const closed = once(socket, 'close').then(([code]) => `closed with ${String(code)}`);
  socket.on('error', () => undefined);
  const send = (some: readonly unknown[]): void => {
    for (const message of some) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  // Messages after the last connection_init wait for its acknowledgement.
  const inits = messages.findLastIndex(isConnectionInit) + 1;
  const early = inits === 0 ? messages.length : inits;
  socket.once('open', () => send(messages.slice(0, early)));
  const responded = new Promise<string>((resolve) =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message.type === 'connection_ack') send(messages.slice(early));
      const summary = summaryOf(message, attacker.victim.secrets);
      if (summary !== undefined && untilClosed !== true) resolve(summary);
    }),
  );
  try {
    return await Promise.race([responded, closed, rejected]);
  } finally {
    socket.terminate();
  }
}

export function openSocket(
  { gateway }: Attacker,
  { headers = {}, protocol = 'graphql-transport-ws' }: SocketOptions = {},
): WebSocket {
  return new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, protocol, { headers });
}

/** The message by which a client of graphql-ws authenticates. */
export const connectionInit = (authorization?: string): object => ({
  type: 'connection_init',
  ...(authorization === undefined ? {} : { payload: { authorization } }),
});

export const subscribe = (payload: unknown, id = '1'): object => ({ type: 'subscribe', id, payload });

function isConnectionInit(message: unknown): boolean {
  return (message as Partial<Message> | null)?.type === 'connection_init';
}

function summaryOf({ type, payload }: Message, secrets: readonly string[]): string | undefined {
  const body = type === 'error' ? { errors: payload } : payload;
  return ['next', 'error'].includes(type) ? summarize(undefined, JSON.stringify(body), secrets) : undefined;
}
