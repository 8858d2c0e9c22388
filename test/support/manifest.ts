import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';
import { TemporaryFolder } from './temporary-folder.js';

const EXAMPLES = new URL('../../examples/operations/', import.meta.url);

export interface ManifestOperation {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

/** An entry of a manifest for the one operation of a document. */
export function manifestOperation(body: string): ManifestOperation {
  const [definition] = parse(body).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the document must begin with its operation');
  const id = createHash('sha256').update(body).digest('hex');
  return { id, name: definition.name?.value ?? '', type: definition.operation, body };
}

/** The example operations, as codegen would list them. */
export const exampleOperations: readonly ManifestOperation[] = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => manifestOperation(readFileSync(new URL(file, EXAMPLES), 'utf8')));

export const manifestOf = (operations: readonly object[]): object => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

/** Manifests in a temporary folder. */
export class ManifestFiles extends TemporaryFolder {
  #count = 0;

  write(content: string | object): string {
    this.#count += 1;
    const path = join(this.path, `${this.#count}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
}
