// Starts programs for `npm start` and `npm run supergraph`. No other file starts both the gateway and the sandbox.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pretty from 'pino-pretty';

const children = new Set();
let exitCode = 0;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopAll);

/**
 * Starts the gateway for development, and the sandbox in place of Flinks unless FLINKS_BASE_URL is set. Resolves to the addresses
 * of the gateway's GraphQL endpoint and of the sandbox or Flinks; `sandboxUrl` is undefined if FLINKS_BASE_URL is set.
 */
export async function startPayments() {
  if (existsSync(path('.env'))) process.loadEnvFile(path('.env'));
  const environment = { ...process.env, NODE_ENV: 'development' };
  let sandboxUrl;
  if (!environment.FLINKS_BASE_URL) {
    const [newestSecret] = (environment.FLINKS_WEBHOOK_SECRETS ?? '').split(',');
    environment.SANDBOX_WEBHOOK_SECRET ||= newestSecret.trim() || randomUUID();
    environment.FLINKS_WEBHOOK_SECRETS ||= environment.SANDBOX_WEBHOOK_SECRET;
    sandboxUrl = await start('sandbox/dist/main.js', environment, /http:\/\/\S+/);
    environment.FLINKS_BASE_URL = sandboxUrl;
  }
  const graphqlUrl = await start('dist/main.js', environment, /http:\/\/[^\s"]+\/graphql/, (output) =>
    output.pipe(pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', singleLine: true })),
  );
  if (sandboxUrl && !environment.SANDBOX_WEBHOOK_URL) await sendWebhooks(sandboxUrl, new URL(graphqlUrl).origin);
  return { graphqlUrl, sandboxUrl, flinksUrl: environment.FLINKS_BASE_URL };
}

/**
 * Starts a program and resolves to the address that it prints. When one program ends, all others are stopped.
 * `show` receives the program's output, which is otherwise not shown.
 */
export function start(file, environment, address, show = () => {}) {
  const child = spawn(process.execPath, [path(file)], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.on('exit', (code) => {
    children.delete(child);
    exitCode ||= code ?? 0;
    stopAll();
  });
  show(child.stdout);
  return new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const found = address.exec(text);
      if (found) resolve(found[0]);
    });
  });
}

function path(file) {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

/** Makes the sandbox send the gateway a webhook event for every status change. */
async function sendWebhooks(sandboxUrl, gatewayUrl) {
  const body = JSON.stringify({ webhookUrl: `${gatewayUrl}/webhooks/flinks` });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${sandboxUrl}/sandbox/switches`, { method: 'PATCH', headers, body });
  if (!response.ok)
    console.error(
      `The sandbox will send no webhook events, because it responded ${response.status} to the change of its switches.`,
    );
}

function stopAll() {
  for (const child of children) child.kill('SIGTERM');
  if (children.size === 0) process.exit(exitCode);
}
