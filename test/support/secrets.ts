import { DATABASE_PASSWORD } from './proxied-postgres.js';
import type { TestSandbox } from './sandbox.js';

/** The names, e-mail addresses, session ids and passwords that the output of gateways contains. It must not contain any. */
export async function secretsIn(output: string, sandbox: TestSandbox): Promise<string[]> {
  const sessions = (await sandbox.sessions()).map(({ sessionId }) => sessionId);
  const log = output.toLowerCase();
  return [DATABASE_PASSWORD, 'tremblay', 'example.com', ...sessions].filter((secret) => log.includes(secret));
}
