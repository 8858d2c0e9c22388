import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Server } from './programs.mjs';
import { AUDIENCE, ISSUER } from './upstream/identity.mjs';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const secret = () => randomBytes(32).toString('base64');
const DATA_KEY = `bench:${secret()}`;

/** Settings of production, each as docs/configuration.md says. What is not set has its default. */
function environment({ url, databaseUrl, upstreamUrl, certificate }) {
  const { hostname, port } = new URL(url);
  return {
    NODE_ENV: 'production',
    NODE_EXTRA_CA_CERTS: certificate,
    HOST: hostname,
    PORT: port,
    AUTH_MODE: 'jwt',
    AUTH_JWKS_URL: `${upstreamUrl}/jwks.json`,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    DATABASE_URL: databaseUrl,
    DATA_ENCRYPTION_KEYS: DATA_KEY,
    FLINKS_BASE_URL: upstreamUrl,
    FLINKS_INSTANCE: 'bench',
    FLINKS_USERNAME: 'bench',
    FLINKS_PASSWORD: secret(),
    FLINKS_WEBHOOK_SECRETS: secret(),
    // On, and above what one client gets through, so that the limit is counted and not reached.
    RATE_LIMIT_PAYMENTS_PER_CLIENT: '5000/1s',
    // Otherwise a read of an open payment looks it up at Flinks once the run is older than 30 s.
    STATUS_STALE_AFTER: '10m',
  };
}

/** Starts the gateway as it is shipped. `wrapper` is a command in front of it, such as that of a tracer. */
export function startProduct({ name, folder, wrapper = [], nodeOptions = [], ...settings }) {
  return Server.start({
    name,
    folder,
    command: [...wrapper, process.execPath, ...nodeOptions, MAIN],
    env: environment(settings),
    url: settings.url,
    readyPath: '/health/ready',
    isWrapped: wrapper.length > 0,
  });
}
