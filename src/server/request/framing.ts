import type { FormattedExecutionResult } from 'graphql';

/** How results are written one after the other into the answer to one HTTP request. */
export interface Framing {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent at once, so that proxies and clients see that the stream is open. */
  readonly opening: string;
  /** Sent now and then, so that nobody takes the connection for a dead one. */
  readonly heartbeat: string;
  result(result: FormattedExecutionResult): string;
  /** The last words when no result can follow. */
  readonly completion: string;
  /** The last words when the client has to subscribe again for what follows. */
  interruption(requestId: string): string;
}

const HEADERS = {
  'cache-control': 'no-store, no-transform',
  // Or nginx would hold results back until it has many.
  'x-accel-buffering': 'no',
};

/** Server-sent events, as in the distinct connections mode of the GraphQL over SSE protocol of graphql-sse. */
export const EVENT_STREAM: Framing = {
  headers: { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' },
  opening: ':\n\n',
  heartbeat: ':\n\n',
  result: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  completion: 'event: complete\ndata:\n\n',
  // The protocol has no word for it: a stream that just ends is one to ask for again.
  interruption: () => '',
};

const DELIMITER = '\r\n--graphql';

// Clients take a part for complete when the next delimiter has come, so each part brings it along.
function part(content: object): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(content)}${DELIMITER}`;
}

/**
 * The multipart protocol for subscriptions of Apollo's clients and router.
 * Source: apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol.
 */
export const MULTIPART: Framing = {
  headers: { ...HEADERS, 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0' },
  opening: DELIMITER,
  heartbeat: part({}),
  result: (payload) => part({ payload }),
  completion: '--\r\n',
  interruption: (requestId) => {
    const extensions = { code: 'SHUTTING_DOWN', requestId };
    const message = 'This replica is shutting down. Subscribe again.';
    return `${part({ payload: null, errors: [{ message, extensions }] })}--\r\n`;
  },
};
