import { EVENT_STREAM, MULTIPART } from './framing.js';
import type { Framing } from './framing.js';

/** The response format chosen from a request's `accept` header. */
export interface NegotiatedFormat {
  /** How a stream of results is framed. */
  readonly framing: Framing;
  /** Content type for a response that is a single result; undefined where even that has to be framed as a stream. */
  readonly json: string | undefined;
}

interface Range {
  readonly type: string;
  readonly parameters: readonly string[];
  readonly weight: number;
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
  'application/*': 'application/json; charset=utf-8',
  '*/*': 'application/json; charset=utf-8',
};

/** Chooses a format by the weights of an `accept` header; undefined for a client that accepts no stream. */
export function negotiate(accept = ''): NegotiatedFormat | undefined {
  const ranges = rangesOf(accept);
  const framing = ranges.map(framingOf).find((found) => found !== undefined);
  if (framing === undefined) return undefined;
  return { framing, json: ranges.map(({ type }) => JSON_TYPES[type]).find((found) => found !== undefined) };
}

/** Whether the client accepts a response that is a single result. An absent or empty header accepts any. */
export function acceptsJson(accept = ''): boolean {
  return accept === '' || rangesOf(accept).some(({ type }) => JSON_TYPES[type] !== undefined);
}

/**
 * Content type of a response that is a single error. A client that lists GraphQL's own type gets it, because a status
 * code means nothing to it with `application/json`.
 */
export function errorContentType(accept = ''): string {
  const known = rangesOf(accept).map(({ type }) => JSON_TYPES[type]);
  return known.find((type) => type !== undefined) ?? 'application/json; charset=utf-8';
}

/** Sorted by weight, highest first. */
function rangesOf(accept: string): Range[] {
  return accept
    .toLowerCase()
    .split(',')
    .map(toRange)
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
}

function toRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
  return { type, parameters, weight: Number(weight) };
}

/** Multipart responses other than `subscriptionSpec=1.0` cannot carry a subscription. */
function framingOf({ type, parameters }: Range): Framing | undefined {
  if (type === 'text/event-stream') return EVENT_STREAM;
  const isMultipart = type === 'multipart/mixed' && parameters.some(isSubscriptionSpec);
  return isMultipart ? MULTIPART : undefined;
}

function isSubscriptionSpec(parameter: string): boolean {
  return /^subscriptionspec="?1\.0"?$/.test(parameter);
}
