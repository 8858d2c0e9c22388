import { once } from 'node:events';
import { WebSocket } from 'ws';
import { told } from './responses.js';
import type { World } from './world.js';

interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

interface Talk {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: string;
  /** Whatever is answered before. */
  readonly untilClosed?: boolean;
}

/** Opens a WebSocket, says these messages, and gives in words what is answered to the first operation, or how it closes. */
export async function talk(
  world: World,
  messages: readonly unknown[],
  { headers = {}, protocol, untilClosed }: Talk = {},
): Promise<string> {
  const socket = openSocket(world, { headers, ...(protocol === undefined ? {} : { protocol }) });
  const refused = once(socket, 'unexpected-response').then(([, response]) =>
    String((response as { statusCode: number }).statusCode),
  );
  const closed = once(socket, 'close').then(([code]) => `closed ${String(code)}`);
  socket.on('error', () => undefined);
  const say = (some: readonly unknown[]): void => {
    for (const message of some) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  // What comes behind the last introduction has to wait until that is acknowledged.
  const introductions = messages.findLastIndex(isIntroduction) + 1;
  const early = introductions === 0 ? messages.length : introductions;
  socket.once('open', () => say(messages.slice(0, early)));
  const answered = new Promise<string>((resolve) =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message.type === 'connection_ack') say(messages.slice(early));
      const words = answerIn(message, world.victim.secrets);
      if (words !== undefined && untilClosed !== true) resolve(words);
    }),
  );
  try {
    return await Promise.race([answered, closed, refused]);
  } finally {
    socket.terminate();
  }
}

export function openSocket(world: World, { headers = {}, protocol = 'graphql-transport-ws' }: Talk = {}): WebSocket {
  return new WebSocket(`${world.gateway.url.replace('http', 'ws')}/graphql`, protocol, { headers });
}

/** The first message by which clients of graphql-ws say who they are. */
export const init = (authorization?: string): object => ({
  type: 'connection_init',
  ...(authorization === undefined ? {} : { payload: { authorization } }),
});

export const subscribe = (payload: unknown, id = '1'): object => ({ type: 'subscribe', id, payload });

function isIntroduction(message: unknown): boolean {
  return (message as Partial<Message> | null)?.type === 'connection_init';
}

function answerIn({ type, payload }: Message, secrets: readonly string[]): string | undefined {
  const body = type === 'error' ? { errors: payload } : payload;
  return ['next', 'error'].includes(type) ? told(undefined, JSON.stringify(body), secrets) : undefined;
}
