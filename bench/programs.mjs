// Starts programs as separate processes, pauses them while others are measured, and asks them things by messages.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf } from './measure/process.mjs';
import { isReady } from './measure/ready.mjs';

const STOP_TIMEOUT_MS = 15_000;
const START_TIMEOUT_MS = 60_000;

const running = new Set();

// A paused process does not end by itself when its parent does, and neither does the child of a tracer.
process.on('exit', () => {
  for (const { pid } of running) for (const each of [...childrenOf(pid), pid]) process.kill(each, 'SIGKILL');
});

/** Ends the process at the latest when this one ends. */
export function endWithThisProcess(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** A server under measurement. */
export class Server {
  /** Milliseconds from the start of the process to its first response that says it is ready. */
  startMs;

  /** `startedAt`: when the process was started, in milliseconds of this process's clock. */
  constructor(child, url, logFile, startedAt) {
    this.startedAt = startedAt;
    this.child = child;
    this.pid = child.pid;
    this.url = url;
    this.logFile = logFile;
  }

  /**
   * Starts `command`, whose first element is a program and which listens on `url`. Its output goes to a file, as it does
   * in production, because reading it would cost the measuring process time.
   */
  static async start({ name, command: [program, ...args], env, url, readyPath = '/', folder, isWrapped = false }) {
    const logFile = join(folder, `${name}.log`);
    const log = openSync(logFile, 'a');
    const startedAt = performance.now();
    const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log] });
    closeSync(log);
    endWithThisProcess(child);
    const server = new Server(child, url, logFile, startedAt);
    await server.#ready(new URL(readyPath, url));
    if (isWrapped) [server.pid] = childrenOf(child.pid);
    return server;
  }

  pause() {
    process.kill(this.pid, 'SIGSTOP');
  }

  resume() {
    process.kill(this.pid, 'SIGCONT');
  }

  async stop() {
    if (hasEnded(this.child)) return;
    const ended = once(this.child, 'exit');
    this.resume();
    process.kill(this.pid, 'SIGTERM');
    const overdue = setTimeout(() => process.kill(this.pid, 'SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(overdue);
  }

  async #ready(url) {
    while (!(await isReady(url))) {
      if (hasEnded(this.child))
        throw new Error(`${this.logFile}: ended\n${readFileSync(this.logFile, 'utf8').slice(-4000)}`);
      if (performance.now() - this.startedAt > START_TIMEOUT_MS) throw new Error(`${this.logFile}: not ready in time`);
      await delay(5);
    }
    this.startMs = performance.now() - this.startedAt;
  }
}

/** A program of the benchmark itself. It responds to each message with one message. */
export class Helper {
  #child;

  /** Resolves when the program has sent its first message, which is `started`. */
  static async start(file, env = {}) {
    const helper = new Helper();
    helper.#child = fork(new URL(file, import.meta.url), { env: { ...process.env, ...env } });
    endWithThisProcess(helper.#child);
    helper.started = await helper.#reply();
    return helper;
  }

  get pid() {
    return this.#child.pid;
  }

  async ask(message) {
    const reply = this.#reply();
    this.#child.send(message);
    return reply;
  }

  async stop() {
    if (hasEnded(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #reply() {
    const aborted = new AbortController();
    const ended = once(this.#child, 'exit', { signal: aborted.signal }).then(([code]) => {
      throw new Error(`a program of the benchmark ended with ${code}`);
    });
    const message = once(this.#child, 'message', { signal: aborted.signal }).then(([reply]) => reply);
    const settled = Promise.race([message, ended]);
    // The loser of the race is aborted, which is no failure.
    message.catch(() => undefined);
    ended.catch(() => undefined);
    try {
      return await settled;
    } finally {
      aborted.abort();
    }
  }
}

function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}
