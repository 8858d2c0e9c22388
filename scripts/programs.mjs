// The programs that `npm start` and `npm run supergraph` start: the only file that knows both gateway and sandbox.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pretty from 'pino-pretty';

const children = new Set();
let exitCode = 0;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopAll);

/**
 * Starts the gateway for development, with the sandbox in place of Flinks unless FLINKS_BASE_URL names the real one.
 * Out: the address of its graph, and of what plays Flinks; `sandboxUrl` is undefined if that is Flinks itself.
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
 * Starts a program and resolves to the address that it prints. When one program ends, all do.
 * `show`: gets what it prints; that is shown to nobody otherwise.
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

/** Has the sandbox send the gateway a webhook for every change. */
async function sendWebhooks(sandboxUrl, gatewayUrl) {
  const body = JSON.stringify({ webhookUrl: `${gatewayUrl}/webhooks/flinks` });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${sandboxUrl}/sandbox/switches`, { method: 'PATCH', headers, body });
  if (!response.ok) console.error(`The sandbox sends no webhooks: it responded ${response.status}.`);
}

function stopAll() {
  for (const child of children) child.kill('SIGTERM');
  if (children.size === 0) process.exit(exitCode);
}
