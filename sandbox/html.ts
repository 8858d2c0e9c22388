/** Markup that is safe to send; created by the `html` tag only. */
export class Html {
  constructor(readonly text: string) {}
}

/** Template tag that escapes every value, except markup created by this tag and lists of it. */
export function html(strings: TemplateStringsArray, ...values: (string | Html | Html[])[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(markup)));
}

function markup(value: string | Html | Html[]): string {
  if (Array.isArray(value)) return value.map(markup).join('');
  return value instanceof Html ? value.text : escape(value);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Content type of the pages. */
export const htmlType = 'text/html; charset=utf-8';

/** A complete HTML page with a heading. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`.text;
}

const style = new Html(`
  body { margin: 0; background: #f3f4f6; color: #1f2937; font: 1rem/1.5 system-ui, sans-serif; }
  main { max-width: 34rem; margin: 0 auto; padding: 1.5rem; background: #fff; min-height: 100vh; box-sizing: border-box; }
  h1 { font-size: 1.5rem; margin-top: 0; }
  a { color: #1d4ed8; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; }
  dt { color: #4b5563; }
  dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
  li { margin-bottom: 0.75rem; overflow-wrap: anywhere; }
  form { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.5rem; }
  button { flex: 1 1 10rem; padding: 0.75rem; font: inherit; font-weight: 600; border: 2px solid #166534; border-radius: 0.5rem; cursor: pointer; }
  button.accept { background: #166534; color: #fff; }
  button.decline { background: #fff; border-color: #991b1b; color: #991b1b; }
  button:focus-visible, a:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
`);
