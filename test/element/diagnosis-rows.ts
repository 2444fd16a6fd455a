/** The matrix: each way for a frame to stay silent, and what can be known of it in each browser. */
import { inject } from 'vitest';
import { server } from 'vitest/browser';
import type { Confidence, DiagnosisCode } from 'checkout-embed';
import type { Moment } from '../support/visit-shop.js';
import { FOREVER, plan, script, strict } from './shop-visit.js';

type Verdict = readonly [DiagnosisCode, Confidence];

export interface Row {
  readonly what: string;
  /** The body. */
  readonly page: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly until: Moment;
  readonly verdict: Verdict;
  /** Where Firefox tells less, or more. */
  readonly firefox?: Verdict;
  readonly webkit?: Verdict;
  readonly who: string;
  readonly copy?: string;
  readonly secure?: boolean;
  readonly buys?: boolean;
}

const { portal, shop, closed } = inject('faults');
const IN_FIREFOX = server.browser === 'firefox';
const IN_WEBKIT = server.browser === 'webkit';

/** What this browser is to make of it. */
export function verdictOf({ verdict, firefox, webkit }: Row): Verdict {
  return (IN_FIREFOX ? firefox : IN_WEBKIT ? webkit : undefined) ?? verdict;
}

/** A second frame of the portal, which is refused, once the first has loaded. Both are waited for. */
function anotherFrame(place: string): string {
  return `<div id="host"></div><script>
    witness.frames -= 1;
    const other = document.createElement('iframe');
    other.src = '${portal}/embed/refuses';
    other.addEventListener('load', () => { if (other.getRootNode() !== document) witness.frames += 1; });
    document.addEventListener('load', ({ target }) => {
      if (target.localName === 'iframe' && target !== other && !other.isConnected) { ${place}; }
    }, true);
  </script>`;
}

/** Firefox tells nothing of a frame that COEP blocks. */
const REPORTED: readonly Row[] = IN_FIREFOX
  ? []
  : [
      {
        what: "the page's COEP, which may be another frame's trouble",
        page: plan('opted-in-breaks') + plan('works'),
        headers: {
          'Cross-Origin-Embedder-Policy': 'require-corp',
          'Cross-Origin-Opener-Policy': 'same-origin',
        },
        // A frame that it blocks does not load in WebKit.
        until: IN_WEBKIT ? 'script' : 'both',
        verdict: ['page-coep', 'likely'],
        who: 'merchant',
        copy: 'Cross-Origin-Embedder-Policy: unsafe-none',
      },
    ];

/** Whoever drives WebKit answers for no https page. */
const SECURE: readonly Row[] = IN_WEBKIT
  ? []
  : [
      {
        what: 'a frame that is not https in a page that is',
        page: `<checkout-embed ${FOREVER}><iframe src="http://acme.portal.test/embed/pro-plan"></iframe></checkout-embed>`,
        secure: true,
        until: 'told',
        verdict: ['mixed-content', 'proven'],
        who: 'developer',
        copy: 'https://acme.portal.test',
      },
    ];

export const ROWS: readonly Row[] = [
  {
    what: 'a frame that works',
    page: plan('works'),
    until: 'ready',
    verdict: ['working', 'proven'],
    who: 'developer',
  },
  {
    what: "the portal's frame-ancestors",
    page: plan('refuses'),
    until: IN_FIREFOX || IN_WEBKIT ? 'both' : 'told',
    verdict: ['origin-not-allowlisted', 'proven'],
    firefox: ['silent-page', 'possible'],
    webkit: ['origin-not-allowlisted', 'likely'],
    who: 'operator',
    copy: shop,
  },
  {
    what: "frame-ancestors of where the portal's page leads",
    page: plan('moved'),
    until: 'both',
    verdict: ['origin-not-allowlisted', 'likely'],
    firefox: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: 'frame-ancestors, where the page has another frame of the portal that may be the one',
    page: plan('breaks') + plan('refuses'),
    until: 'both',
    verdict: ['origin-not-allowlisted', 'likely'],
    firefox: ['silent-page', 'possible'],
    webkit: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: 'frame-ancestors of a frame that a component brings once the own one has loaded',
    page: plan('breaks') + anotherFrame('host.attachShadow({ mode: "open" }).append(other)'),
    until: 'both',
    verdict: ['origin-not-allowlisted', 'likely'],
    firefox: ['silent-page', 'possible'],
    webkit: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: 'frame-ancestors of a frame that is gone again',
    page: plan('breaks') + anotherFrame('host.append(other); other.onload = () => other.remove()'),
    until: 'both',
    verdict: ['origin-not-allowlisted', 'likely'],
    firefox: ['silent-page', 'possible'],
    webkit: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: 'X-Frame-Options',
    page: plan('denies'),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    // Of a refused frame it keeps no entry.
    webkit: ['origin-not-allowlisted', 'likely'],
    who: 'operator',
    copy: shop,
  },
  {
    what: '404',
    page: plan('not-found'),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: '404 of a portal that lets the page read it',
    page: plan('not-found-readable'),
    until: 'both',
    verdict: ['http-error', 'likely'],
    who: 'operator',
  },
  {
    what: '401 to a request that carries no cookies, which says nothing of the frame',
    page: plan('wants-login'),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: '500',
    page: plan('trouble'),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: '500 of a portal that lets the page read it',
    page: plan('trouble-readable'),
    until: 'both',
    verdict: ['portal-error', 'likely'],
    who: 'operator',
  },
  {
    what: '204',
    page: plan('nothing'),
    until: 'script',
    verdict: ['never-navigated', 'likely'],
    who: 'developer',
  },
  {
    what: 'a refused connection',
    page: plan('works', FOREVER, closed),
    until: 'now',
    verdict: ['unreachable', 'likely'],
    who: 'developer',
  },
  {
    what: 'a connection that is reset',
    page: plan('resets'),
    until: 'now',
    verdict: ['unreachable', 'likely'],
    who: 'developer',
  },
  {
    what: 'a name that does not exist',
    page: plan('works', FOREVER, 'https://portal.invalid'),
    until: 'now',
    verdict: ['unreachable', 'likely'],
    who: 'developer',
  },
  {
    what: 'TLS that fails',
    page: plan('works', FOREVER, portal.replace('http:', 'https:')),
    until: 'now',
    verdict: ['unreachable', 'likely'],
    who: 'developer',
  },
  {
    what: 'a server that hangs',
    page: plan('hangs'),
    until: 'script',
    verdict: ['stalled', 'likely'],
    who: 'buyer',
  },
  {
    what: 'a body that stalls',
    page: plan('stalls'),
    until: 'foreign',
    verdict: ['stalled', 'possible'],
    firefox: ['stalled', 'likely'],
    who: 'buyer',
  },
  {
    what: "a portal's script that throws",
    page: plan('breaks'),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    who: 'operator',
    copy: shop,
  },
  {
    what: "the page's frame-src",
    page: plan('works'),
    headers: strict({ 'frame-src': "'self'" }),
    until: 'told',
    verdict: ['csp-frame-src', 'proven'],
    who: 'merchant',
    copy: `frame-src 'self' ${portal}`,
  },
  {
    what: "the page's script-src",
    page: plan('works'),
    headers: strict({ 'script-src': "'self'" }),
    until: 'told',
    verdict: ['csp-script-src', 'proven'],
    who: 'merchant',
    copy: `script-src 'self' ${portal}`,
  },
  {
    what: "the page's connect-src, which keeps the backend from being asked",
    page: plan('works', `target="inline" handoff-url="${portal}/checkout" ${FOREVER}`),
    headers: strict({ 'connect-src': "'self'" }),
    until: 'ready',
    buys: true,
    verdict: ['csp-connect-src', 'proven'],
    who: 'merchant',
    copy: `connect-src 'self' ${portal}`,
  },
  {
    what: "the page's connect-src, which keeps the portal from being asked and proves nothing",
    page: plan('denies'),
    headers: strict({ 'connect-src': "'self'" }),
    until: 'both',
    verdict: ['silent-page', 'possible'],
    // Of a refused frame it keeps no entry.
    webkit: ['origin-not-allowlisted', 'likely'],
    who: 'operator',
    copy: shop,
  },
  {
    what: "the page's COEP",
    page: plan('works'),
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
    until: IN_FIREFOX ? 'now' : 'told',
    verdict: ['page-coep', 'proven'],
    firefox: ['page-coep', 'likely'],
    who: 'merchant',
    copy: 'Cross-Origin-Embedder-Policy: unsafe-none',
  },
  ...REPORTED,
  {
    what: "the page's Trusted Types",
    page: plan('works'),
    headers: {
      'Content-Security-Policy': "require-trusted-types-for 'script'; trusted-types lit-html",
    },
    until: 'told',
    verdict: ['trusted-types', 'proven'],
    who: 'merchant',
    copy: 'trusted-types lit-html checkout-embed',
  },
  {
    what: 'embed.js that is missing',
    page: script('/gone.js'),
    until: 'told',
    verdict: ['embed-script-failed', 'proven'],
    who: 'developer',
    copy: `${portal}/gone.js`,
  },
  {
    what: 'embed.js that is missing, beside one that the page brought',
    page: `<script src="${portal}/embed.js?v=2"></script>${plan('breaks', `embed-script="${portal}/gone.js" ${FOREVER}`)}`,
    until: 'told',
    verdict: ['embed-script-failed', 'likely'],
    who: 'developer',
    copy: `${portal}/gone.js`,
  },
  {
    what: 'embed.js that throws',
    page: script('/throws.js'),
    until: 'told',
    verdict: ['embed-script-failed', 'likely'],
    who: 'developer',
    copy: `${portal}/throws.js`,
  },
  {
    what: 'embed.js that does not come',
    page: script('/hangs.js'),
    until: 'frame',
    verdict: ['embed-script-failed', 'possible'],
    who: 'developer',
    copy: `${portal}/hangs.js`,
  },
  {
    what: 'embed.js that is not what its integrity says',
    page: script('/embed.js', `integrity="sha384-AAAA" ${FOREVER}`),
    until: 'told',
    verdict: ['embed-script-integrity', 'likely'],
    who: 'developer',
  },
  ...SECURE,
  {
    what: 'a pasted frame without an address',
    page: `<checkout-embed ${FOREVER}><iframe title="Plans"></iframe></checkout-embed>`,
    until: 'told',
    verdict: ['missing-src', 'proven'],
    who: 'developer',
  },
  {
    what: 'a pasted frame with an empty address',
    page: `<checkout-embed ${FOREVER}><iframe src="" title="Plans"></iframe></checkout-embed>`,
    until: 'told',
    verdict: ['missing-src', 'proven'],
    who: 'developer',
  },
  {
    what: 'a pasted frame without an address in a tag that has one',
    page: plan('works').replace('></checkout-embed>', '><iframe title="Plans"></iframe></checkout-embed>'),
    until: 'ready',
    verdict: ['working', 'proven'],
    who: 'developer',
  },
  {
    what: 'a lazy frame off screen',
    page: `<p style="height: 30000px"></p><checkout-embed ${FOREVER}><iframe loading="lazy" src="${portal}/embed/works"></iframe></checkout-embed>`,
    until: 'now',
    verdict: ['lazy-not-in-view', 'likely'],
    who: 'developer',
    copy: 'loading="eager"',
  },
  {
    what: 'a lazy element off screen',
    page: `<p style="height: 30000px"></p>${plan('works', `loading="lazy" ${FOREVER}`)}`,
    until: 'now',
    verdict: ['lazy-not-in-view', 'likely'],
    who: 'developer',
    copy: 'loading="eager"',
  },
  {
    what: 'a sandbox without scripts',
    page: `<checkout-embed ${FOREVER}><iframe sandbox="allow-forms" src="${portal}/embed/works"></iframe></checkout-embed>`,
    until: 'both',
    verdict: ['sandboxed', 'proven'],
    who: 'developer',
    copy: 'sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"',
  },
];
