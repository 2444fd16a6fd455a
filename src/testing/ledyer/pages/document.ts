/** The shell of every page: the first sandbox's style sheet in this vendor's colors. */
import { type Html, html, trusted } from '../../ledgerbee/portal/html.js';
import { ICONS } from '../../ledgerbee/portal/icons.js';
import { PORTAL_STYLES } from '../../ledgerbee/portal/styles.js';
import { page, type Reply } from '../../ledgerbee/http.js';

const LEDYER_STYLES = /* css */ `
:root { --brand: #0b5f4d; --brand-over: #084a3c; --tint: #e3f3ee; --tint-ink: #0b4f40; }
@media (prefers-color-scheme: dark) {
  :root { --brand: #7fd8bf; --brand-ink: #06241d; --brand-over: #a0e6d2; --tint: #15302a; --tint-ink: #a9e8d6; }
}
.lines { list-style: none; display: grid; gap: 10px; margin-top: 12px; }
.lines li { display: grid; grid-template-columns: 1fr auto; gap: 2px 16px; font-variant-numeric: tabular-nums; }
.sum { font-size: 1.25rem; }
main a:not(.button) { color: var(--brand); }
fieldset { display: grid; gap: 10px; margin: 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: 10px; font-weight: 620; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; align-items: center; padding: 12px 16px;
  border: 1px solid var(--line-strong); border-radius: 12px; background: var(--raised); cursor: pointer; }
.choice:has(:checked) { border-color: var(--brand); background: var(--tint); color: var(--tint-ink); }
.choice:has(:focus-visible) { outline: 3px solid var(--brand); outline-offset: 2px; }
.choice input { grid-row: span 2; width: 20px; height: 20px; margin: 0; accent-color: var(--brand); }
.choice input:focus-visible { outline: none; }
.choice small { color: inherit; opacity: .85; font-weight: 450; }
.log { list-style: none; display: grid; gap: 12px; margin-top: 20px; }
.log > li { display: grid; gap: 10px; padding: 16px 20px; border: 1px solid var(--line); border-radius: 14px; background: var(--raised); }
.log form { justify-items: start; }
.log header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; align-items: center; }
.log pre { margin: 0; padding: 12px; border-radius: 10px; background: var(--sunken); font-size: .8125rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.tag.delivered { background: var(--good-tint); color: var(--good); }
.tag.failed, .tag.lost { background: var(--bad-tint); color: var(--bad); }
`;

/** No script runs on these pages but the dashboard's own, and none of them is shown in a frame. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface PageParts {
  readonly title: string;
  readonly lang: string;
  readonly footer: string;
  readonly body: Html;
  readonly status?: number;
  /** Path of a script of ours. */
  readonly script?: string;
  readonly isNarrow?: boolean;
}

export function ledyerPage({ title, lang, footer, body, status, script, isNarrow }: PageParts): Reply {
  const styles = trusted(`<style>${PORTAL_STYLES}${LEDYER_STYLES}</style>`);
  const document = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${styles}
      </head>
      <body>
        <main class="${isNarrow === true ? 'narrow' : ''}">
          ${body}
          <p class="foot">${ICONS.lock} ${footer}</p>
        </main>
        ${script === undefined ? null : html`<script src="${script}" defer></script>`}
      </body>
    </html>`;
  return page(document.markup, status ?? 200, { 'content-security-policy': POLICY });
}
