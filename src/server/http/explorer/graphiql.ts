import { createHash } from 'node:crypto';
import type { ExampleOperation } from './example-operations.js';

/** A file of the GraphiQL page. */
export interface GraphiqlFile {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

/**
 * Content security policy of the GraphiQL page: only files of this gateway. The editor creates style sheets, and has
 * fonts and cursors in data URLs.
 */
export const GRAPHIQL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const LOGO =
  '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><circle cx="12" cy="12" r="10" fill="currentColor" opacity=".2"/><path d="M8 17V7h8M8 12h6" fill="none" stroke="currentColor" stroke-width="2"/></svg>';

/** The GraphiQL page. The examples become its tabs on the first visit; later visits show the user's own tabs. */
export function graphiqlPage(examples: readonly ExampleOperation[]): string {
  const settings = {
    endpoint: 'graphql',
    // For subscriptions as well, so that no document or variable is in a URL.
    method: 'POST',
    title: 'Flinks Pay',
    logo: LOGO,
    defaultTabs: examples,
    // Headers may hold credentials.
    shouldPersistHeaders: false,
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GraphiQL · Flinks Pay</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="graphiql/graphiql.css">
    <link rel="stylesheet" href="graphiql/page.css">
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
    <script src="graphiql/page.js"></script>
    <script src="graphiql/graphiql.js"></script>
  </body>
</html>
`;
}

/**
 * Runs before GraphiQL, which looks up its workers in this global. It does not change the URL, because documents do not
 * belong in browser histories.
 */
const PAGE_SCRIPT = `'use strict';
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => 'graphiql/' + label + '.worker.js' };
addEventListener('DOMContentLoaded', () => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState')) ??
    { tabs: settings.defaultTabs, activeTabIndex: 0 };
  // Without these, GraphiQL opens a new tab at each visit, and shows no variables at the first one.
  const { query, variables } = tabs[activeTabIndex] ?? {};
  const options = { ...settings, query, variables, onEditQuery() {} };
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
});
`;

/**
 * GraphiQL miscalculates the position of tabs and moves them there, which only the focused tab hides, so clicks miss
 * them.
 */
const PAGE_STYLE = `
html, body, #root { height: 100%; margin: 0; }
.graphiql-container .graphiql-logo { white-space: nowrap; }
.graphiql-container .graphiql-tab { transform: none !important; }
@media (max-width: 45rem) {
  .graphiql-container .graphiql-logo { display: none; }
  .graphiql-container #graphiql-session { flex-direction: column; }
}
`;

/** Reads the files of the page, by name. Loaded on demand, because the package is large. */
export async function readGraphiql(): Promise<ReadonlyMap<string, GraphiqlFile>> {
  const { css, js, editorWorkerService, graphqlWorker, jsonWorker } =
    await import('@graphql-yoga/render-graphiql/graphiql');
  return new Map([
    ['page.css', file('text/css', PAGE_STYLE)],
    ['page.js', file('text/javascript', PAGE_SCRIPT)],
    ['graphiql.css', file('text/css', css)],
    ['graphiql.js', file('text/javascript', js)],
    ['editorWorkerService.worker.js', file('text/javascript', editorWorkerService)],
    ['graphql.worker.js', file('text/javascript', graphqlWorker)],
    ['json.worker.js', file('text/javascript', jsonWorker)],
  ]);
}

function file(type: string, body: string): GraphiqlFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { type: `${type}; charset=utf-8`, body, etag };
}
