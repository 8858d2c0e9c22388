import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

/** Files of this gateway only. The editor creates style sheets, and has fonts and cursors in data URLs. */
export const GRAPHIQL_POLICY = [
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
];

/** The root of the project, which is the same relative path from `src` and from `dist`. */
const ROOT = new URL('../../../../', import.meta.url);
const EXAMPLES = new URL('examples/operations/', ROOT);
/** Where `npm run build` copies the files of GraphiQL to. */
const COPIES = new URL('dist/graphiql/', ROOT);
/** First, because the other operations need the id of its payment. */
const FIRST_EXAMPLE = 'create-payment-session.graphql';

const LOGO =
  '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><circle cx="12" cy="12" r="10" fill="currentColor" opacity=".2"/><path d="M8 17V7h8M8 12h6" fill="none" stroke="currentColor" stroke-width="2"/></svg>';

/** The GraphiQL page. The examples become its tabs on the first visit; later visits show the user's own tabs. */
export async function graphiqlPage(): Promise<string> {
  const settings = {
    endpoint: 'graphql',
    // For subscriptions as well, so that no document or variable is in a URL.
    method: 'POST',
    title: 'Flinks Pay',
    logo: LOGO,
    defaultTabs: await readExamples(),
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

/** Reads the example operations. New idempotency keys replace theirs, so that the first run creates a new payment. */
async function readExamples(): Promise<{ readonly query: string; readonly variables: string }[]> {
  const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.graphql')).sort();
  return Promise.all(
    [FIRST_EXAMPLE, ...files.filter((file) => file !== FIRST_EXAMPLE)].map(async (file) => {
      const [query, variables] = await Promise.all([
        readFile(new URL(file, EXAMPLES), 'utf8'),
        readFile(new URL(file.replace(/graphql$/, 'variables.json'), EXAMPLES), 'utf8'),
      ]);
      const fresh = variables.replace(/(?<="idempotencyKey": ")[^"]+/, () => randomUUID());
      return { query: query.trimEnd(), variables: fresh.trimEnd() };
    }),
  );
}

/** Runs before GraphiQL, which finds its workers by this global. Keeps documents out of the URL and its histories. */
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

/** GraphiQL moves tabs to miscalculated positions, which only the focused tab hides, so clicks miss them. */
const PAGE_STYLE = `
html, body, #root { height: 100%; margin: 0; }
.graphiql-container .graphiql-logo { white-space: nowrap; }
.graphiql-container .graphiql-tab { transform: none !important; }
@media (max-width: 45rem) {
  .graphiql-container .graphiql-logo { display: none; }
  .graphiql-container #graphiql-session { flex-direction: column; }
}
`;

/** A file of the page, as it is sent. */
interface PageFile {
  readonly type: string;
  readonly body: string | Buffer;
  readonly etag: string;
}

/** Reads the files of the page, by name. Called on demand, because they have nine megabytes. */
export async function readGraphiql(): Promise<ReadonlyMap<string, PageFile>> {
  const copies = (await readdir(COPIES)).map(async (name) => pageFile(name, await readFile(new URL(name, COPIES))));
  return new Map([pageFile('page.css', PAGE_STYLE), pageFile('page.js', PAGE_SCRIPT), ...(await Promise.all(copies))]);
}

function pageFile(name: string, body: string | Buffer): [name: string, file: PageFile] {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return [name, { type: `text/${name.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`, body, etag }];
}
