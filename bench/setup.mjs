import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Postgres } from './postgres.mjs';
import { Helper } from './programs.mjs';
import { makeCertificate } from './upstream/certificate.mjs';
import { Identity } from './upstream/identity.mjs';

// Persistent by the Filesystem Hierarchy Standard, so usually on a disk, and reachable by the user of PostgreSQL.
const PARENT = '/var/tmp';
const TMPFS = 0x01021994;
const MAX_CLIENTS = 50;

/** Everything that scenarios share: the stand-in for Flinks, clients, databases and the load generator. */
export class Setup {
  #stopping = [];
  #kept = new Map();
  #postgres;

  /** `quick` is whether to check the harness only. */
  static async create(quick) {
    const setup = new Setup();
    try {
      await setup.#start(quick);
      return setup;
    } catch (error) {
      await setup.close();
      throw error;
    }
  }

  async #start(quick) {
    this.quick = quick;
    this.rounds = quick ? 1 : 5;
    this.folder = this.#createFolder();
    const identity = await Identity.create();
    this.tokens = await identity.tokens(MAX_CLIENTS);
    const { cert, key, file } = await makeCertificate(this.folder);
    const keySet = JSON.stringify(identity.keySet);
    this.standIn = await Helper.start('upstream/stand-in.mjs', {
      STAND_IN_CERTIFICATE: cert,
      STAND_IN_KEY: key,
      STAND_IN_KEY_SET: keySet,
    });
    this.loadGenerator = await Helper.start('load/main.mjs');
    this.upstream = { folder: this.folder, upstreamUrl: this.standIn.started.url, certificate: file };
    this.upstreamEnvironment = {
      NODE_EXTRA_CA_CERTS: file,
      FLINKS_BASE_URL: this.standIn.started.url,
      FLINKS_INSTANCE: 'bench',
      FLINKS_USERNAME: 'bench',
      FLINKS_PASSWORD: 'bench',
    };
  }

  /** Milliseconds of a measurement, which a quick run shortens. */
  ms(full) {
    return this.quick ? full / 20 : full;
  }

  /**
   * Starts the server of a contestant, which stops at the latest when the scenario ends. In a quick run, scenarios share the
   * servers of the contestants that all of them know.
   */
  async start(contestantServer) {
    const kept = this.#kept.get(contestantServer);
    if (kept !== undefined) return kept;
    const server = await contestantServer.start(this);
    if (this.quick && contestantServer.isShared) this.#kept.set(contestantServer, server);
    else this.#stopping.push(server);
    return server;
  }

  /** Calls of Flinks since the last call of this function, by endpoint; from now on each takes `latencyMs`. */
  takeCalls(latencyMs = 0) {
    return this.standIn.ask({ latencyMs });
  }

  /** Runs load against a server. Throws if a response is not a success, unless other outcomes are expected. */
  async load(server, contestant, { mayFail = false, ...load }) {
    const result = await this.loadGenerator.ask({
      loop: 'closed',
      concurrency: this.quick ? 4 : 16,
      prefix: randomBytes(4).toString('hex'),
      url: server.url,
      tokens: this.tokens.slice(0, contestant.clients),
      ...contestant.load,
      ...load,
    });
    if (!mayFail && result.firstFailure !== undefined)
      throw new Error(`${contestant.title}, ${load.job}: ${result.firstFailure}\n(its log is ${server.logFile})`);
    return result;
  }

  /** The URL of an empty database. */
  async createDatabase(kind) {
    if (kind === 'SQLite') return `sqlite:${join(this.folder, `${randomBytes(4).toString('hex')}.db`)}`;
    return (await this.postgres()).createDatabase();
  }

  async postgres() {
    if (this.#postgres === undefined) {
      this.#postgres = await Postgres.start(this.folder);
      this.postgresPid = this.#postgres.pid;
    }
    return this.#postgres;
  }

  /** Stops the servers of a scenario. */
  async stopServers() {
    await Promise.all(this.#stopping.splice(0).map((server) => server.stop()));
  }

  async close() {
    this.#stopping.push(...this.#kept.values());
    await this.stopServers();
    await this.#postgres?.stop();
    await this.standIn?.stop();
    await this.loadGenerator?.stop();
  }

  #createFolder() {
    if (statfsSync(PARENT).type === TMPFS) throw new Error(`${PARENT} is in memory, where a sync costs nothing`);
    const folder = mkdtempSync(join(PARENT, 'flinks-pay-bench-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    return folder;
  }
}
