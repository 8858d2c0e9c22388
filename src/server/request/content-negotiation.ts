import { EVENT_STREAM, MULTIPART } from './framing.js';
import type { Framing } from './framing.js';

/** What a client takes as an answer, of what can be given. */
export interface NegotiatedFormat {
  readonly framing: Framing;
  /** Content type of an answer that is one result; undefined where that has to be framed as well. */
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

/** Undefined for a client that takes no stream. */
export function negotiate(accept = ''): NegotiatedFormat | undefined {
  const ranges = rangesOf(accept);
  const framing = ranges.map(framingOf).find((found) => found !== undefined);
  if (framing === undefined) return undefined;
  return { framing, json: ranges.map(({ type }) => JSON_TYPES[type]).find((found) => found !== undefined) };
}

/** Whether a client takes an answer that is one result; one that does not say takes any. */
export function acceptsJson(accept = ''): boolean {
  return accept === '' || rangesOf(accept).some(({ type }) => JSON_TYPES[type] !== undefined);
}

/** The media type of an answer that is one error: a client that knows the one of GraphQL gets it, as in JSON a status says nothing. */
export function errorContentType(accept = ''): string {
  const known = rangesOf(accept).map(({ type }) => JSON_TYPES[type]);
  return known.find((type) => type !== undefined) ?? 'application/json; charset=utf-8';
}

/** The best first. */
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

/** Other multipart answers than that of subscriptions are not for streams of ours. */
function framingOf({ type, parameters }: Range): Framing | undefined {
  if (type === 'text/event-stream') return EVENT_STREAM;
  const isMultipart = type === 'multipart/mixed' && parameters.some(isSubscriptionSpec);
  return isMultipart ? MULTIPART : undefined;
}

function isSubscriptionSpec(parameter: string): boolean {
  return /^subscriptionspec="?1\.0"?$/.test(parameter);
}
