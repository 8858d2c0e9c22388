import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from './until.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Resolves when the file of a closed database is released: libsql keeps it open until its last statement is collected. */
export async function fileClosed(path: string): Promise<void> {
  await until(() => {
    gc();
    return !existsSync(`${path}-wal`);
  });
}
