import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that `start` creates and `stop` removes with its content. */
export class TemporaryFolder {
  readonly path = join(tmpdir(), `flinks-pay-test-${randomUUID()}`);

  async start(): Promise<this> {
    await mkdir(this.path);
    return this;
  }

  async stop(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
