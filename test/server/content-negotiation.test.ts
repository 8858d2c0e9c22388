import { describe, expect, it } from '@jest/globals';
import { negotiate, EVENT_STREAM, MULTIPART } from '../../src/server/request/content-negotiation.js';

const JSON_TYPE = 'application/json; charset=utf-8';

describe('content negotiation for', () => {
  it.each([
    ['text/event-stream', EVENT_STREAM, undefined],
    ['Text/Event-Stream; charset=utf-8', EVENT_STREAM, undefined],
    ['text/event-stream, multipart/mixed', EVENT_STREAM, undefined],
    [
      'application/graphql-response+json, application/json, text/event-stream, multipart/mixed',
      EVENT_STREAM,
      'application/graphql-response+json; charset=utf-8',
    ],
    ['multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json', MULTIPART, JSON_TYPE],
    ['multipart/mixed; subscriptionSpec="1.0", text/event-stream', MULTIPART, undefined],
    ['multipart/mixed;subscriptionSpec=1.0;q=0.8, text/event-stream', EVENT_STREAM, undefined],
    ['text/event-stream, */*;q=0.1', EVENT_STREAM, JSON_TYPE],
  ])('%s selects the framing of streams and the type of single results', (accept, framing, json) => {
    expect(negotiate(accept)).toEqual({ framing, json });
  });

  it.each([
    undefined,
    '',
    '*/*',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'application/json',
    'multipart/mixed',
    'multipart/mixed;deferSpec=20220824, application/json',
    'text/event-stream;q=0',
    'text/event-stream;q=much',
  ])('%s selects no stream', (accept) => {
    expect(negotiate(accept)).toBeUndefined();
  });
});
