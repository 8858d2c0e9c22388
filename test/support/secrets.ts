import type { Fleet } from './fleet.js';
import { DATABASE_PASSWORD } from './proxied-postgres.js';
import type { TestSandbox } from './sandbox.js';

/** What stands in the logs of gateways although nobody may read it there: names, e-mails, session ids, passwords. */
export async function secretsIn({ output }: Fleet, sandbox: TestSandbox): Promise<string[]> {
  const sessions = (await sandbox.sessions()).map(({ sessionId }) => sessionId);
  const log = output.toLowerCase();
  return [DATABASE_PASSWORD, 'tremblay', 'example.com', ...sessions].filter((secret) => log.includes(secret));
}
