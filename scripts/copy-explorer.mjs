// `npm run build` copies the files of GraphiQL out of a development dependency, so that production does without the
// package, and without the server that it comes with.
import { mkdirSync, writeFileSync } from 'node:fs';
import * as graphiql from '@graphql-yoga/render-graphiql/graphiql';

const FOLDER = new URL('../dist/graphiql/', import.meta.url);

mkdirSync(FOLDER, { recursive: true });
for (const [name, content] of [
  ['graphiql.css', graphiql.css],
  ['graphiql.js', graphiql.js],
  ['editorWorkerService.worker.js', graphiql.editorWorkerService],
  ['graphql.worker.js', graphiql.graphqlWorker],
  ['json.worker.js', graphiql.jsonWorker],
])
  writeFileSync(new URL(name, FOLDER), content);
