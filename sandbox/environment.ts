import { z } from 'zod';
import { defaultSwitches, switchesSchema, type Switches } from './switches.js';

const defaults = { ...defaultSwitches, port: 4010 };
type Setting = keyof typeof defaults;

const variables: Record<Setting, string> = {
  tokenLifeSeconds: 'SANDBOX_TOKEN_LIFE_SECONDS',
  singleUseTokens: 'SANDBOX_SINGLE_USE_TOKENS',
  latencyMs: 'SANDBOX_LATENCY_MS',
  statusSchema: 'SANDBOX_STATUS_SCHEMA',
  sendRequestNeedsActivation: 'SANDBOX_SEND_REQUEST_NEEDS_ACTIVATION',
  username: 'SANDBOX_USERNAME',
  password: 'SANDBOX_PASSWORD',
  instance: 'SANDBOX_INSTANCE',
  credentials: 'SANDBOX_CREDENTIALS',
  tokenHeader: 'SANDBOX_TOKEN_HEADER',
  clientUrlsField: 'SANDBOX_CLIENT_URLS_FIELD',
  amountEncoding: 'SANDBOX_AMOUNT_ENCODING',
  cancelledSpelling: 'SANDBOX_CANCELLED_SPELLING',
  settleAfterMs: 'SANDBOX_SETTLE_AFTER_MS',
  sessionDetails: 'SANDBOX_SESSION_DETAILS',
  cancel: 'SANDBOX_CANCEL',
  webhookUrl: 'SANDBOX_WEBHOOK_URL',
  webhookSecret: 'SANDBOX_WEBHOOK_SECRET',
  webhookSignature: 'SANDBOX_WEBHOOK_SIGNATURE',
  webhookLayout: 'SANDBOX_WEBHOOK_LAYOUT',
  webhookNamesRequest: 'SANDBOX_WEBHOOK_NAMES_REQUEST',
  port: 'SANDBOX_PORT',
};

const settingsSchema = switchesSchema.extend({ port: z.int().min(0).max(65_535) });

/**
 * Reads the switches and the port from environment variables, or returns the problems, one line for each invalid
 * variable.
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): { switches: Switches; port: number } | { problems: string[] } {
  const settings = Object.entries(variables).map(([setting, variable]) => {
    const text = environment[variable];
    const defaultValue = defaults[setting as Setting];
    return [setting, text === undefined ? defaultValue : fromText(text, typeof defaultValue)];
  });
  const read = settingsSchema.safeParse(Object.fromEntries(settings));
  if (!read.success) {
    return { problems: read.error.issues.map(({ path, message }) => `${variables[path[0] as Setting]}: ${message}`) };
  }
  const { port, ...switches } = read.data;
  return { switches, port };
}

/** Parses a value of the wanted type. A text that does not parse stays text, so that the schema rejects it. */
function fromText(text: string, wanted: string): string | number | boolean {
  if (wanted === 'number' && text.trim() !== '') return Number(text);
  if (wanted === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
