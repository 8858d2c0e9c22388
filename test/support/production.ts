import { randomBytes } from 'node:crypto';
import { ConfigError, loadConfig } from '../../src/config/config.js';

const key = (): string => randomBytes(32).toString('base64');

export const IN_DEVELOPMENT = { NODE_ENV: 'development', FLINKS_BASE_URL: 'http://127.0.0.1:4010' };

/** A valid environment for production. */
export const PRODUCTION: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  AUTH_MODE: 'api-key',
  FLINKS_BASE_URL: 'https://payments.example',
  FLINKS_INSTANCE: 'shop',
  FLINKS_USERNAME: 'shop',
  FLINKS_PASSWORD: 'Tq7-of-onboarding',
  FLINKS_WEBHOOK_SECRETS: key(),
  DATABASE_URL: 'postgres://payments:Uz4_of-the-role@127.0.0.1/payments',
  DATA_ENCRYPTION_KEYS: `first:${key()}`,
};

/** The problems that the configuration reports for an environment. */
export function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}
