import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --text: #1b2430; --soft: #566374; --line: #d5dbe3; --card: #fff; --page: #f4f6f9; --accent: #1750c4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8edf4; --soft: #a3b0c0; --line: #36414f; --card: #1c242e; --page: #12181f; --accent: #8db4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 4rem) 1.25rem; }
h1 { margin: 0; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.2; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.1rem; }
p { margin: .5rem 0; }
.soft { color: var(--soft); }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .75rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
nav { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin: 1.5rem 0; }
nav a { display: block; padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); color: inherit; text-decoration: none; }
nav a:hover { border-color: var(--accent); }
nav strong { display: block; color: var(--accent); font-size: 1.15rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0; }
dt, dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
`;

// Only the browser knows the gateway's public URL when proxies are in between.
const SCRIPT = `
const endpoint = new URL('graphql', location).href;
document.getElementById('sandbox').search = '?endpoint=' + encodeURIComponent(endpoint);
document.getElementById('endpoint').textContent = endpoint;
`;

/** The start page: what this program is, and where to try it. */
export const START_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Flinks Pay GraphQL gateway</title>
    <link rel="icon" href="data:,">
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>Flinks Pay GraphQL gateway</h1>
      <p class="soft">Collects money in Canada by Interac e-Transfer. The graph is at <code id="endpoint">/graphql</code>.</p>
      <nav aria-label="Explorers">
        <a href="graphiql"><strong>GraphiQL</strong>Served from here, also without internet, with the example operations in its tabs.</a>
        <a href="https://studio.apollographql.com/sandbox/explorer" id="sandbox"><strong>Apollo Sandbox</strong>Loaded from apollographql.com: your browser needs the internet.</a>
      </nav>
      <h2>A first payment</h2>
      <p>Run <code>CreatePaymentSession</code> in GraphiQL, open the <code>paymentUrl</code> of its result as the payer would, and watch
        the <code>id</code> with <code>PaymentSessionUpdated</code> in its tab.</p>
      <p>If the response is <code>UNAUTHENTICATED</code>, give each tab your token or key under Headers, and fetch the schema again by
        the arrows at the left: <code>{"authorization": "Bearer …"}</code></p>
      <h2>For operators</h2>
      <dl>
        <dt><a href="health/ready">/health/ready</a></dt><dd>Whether this replica accepts payments.</dd>
        <dt><a href="metrics">/metrics</a></dt><dd>Metrics for Prometheus.</dd>
      </dl>
    </main>
    <script>${SCRIPT}</script>
  </body>
</html>
`;

/** What the content security policy allows the start page: only the style and script above. */
export const START_PAGE_POLICY = [`style-src '${hashOf(STYLE)}'`, `script-src '${hashOf(SCRIPT)}'`];

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
