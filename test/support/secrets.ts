import { DATABASE_PASSWORD } from './proxied-postgres.js';
import type { TestSandbox } from './sandbox.js';

/** The names, e-mails, session ids and passwords in the output of gateways, which must contain none. */
export async function secretsIn(output: string, sandbox: TestSandbox): Promise<string[]> {
  const sessions = (await sandbox.sessions()).map(({ sessionId }) => sessionId);
  const log = output.toLowerCase();
  return [DATABASE_PASSWORD, 'tremblay', 'example.com', ...sessions].filter((secret) => log.includes(secret));
}
