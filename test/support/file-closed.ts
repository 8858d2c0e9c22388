import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from './until.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Resolves when a database that was closed is. libsql keeps its file open until the last statement on it is collected. */
export async function fileClosed(path: string): Promise<void> {
  await until(() => {
    gc();
    return !existsSync(`${path}-wal`);
  });
}
