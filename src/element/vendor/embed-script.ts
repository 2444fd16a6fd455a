/**
 * Loads the vendor's `embed.js`, once per address. ASSUMED (contract U2): that it is at `/embed.js` of the
 * portal and adopts frames that were added before or after it.
 */
import { parseUrl } from '../../protocol/url.js';

/** `present`: the page brought it along, and nobody knows how it fared before we looked. */
export type ScriptFate = 'present' | 'loading' | 'loaded' | 'failed';

export interface ScriptRequest {
  readonly url: URL;
  readonly integrity: string | null;
  readonly nonce: string;
}

/** One `<script>`, ours or the page's. */
export interface EmbedScript {
  readonly element: HTMLScriptElement;
  fate: ScriptFate;
}

/** The part of a `csp-violation` report that is read. */
interface PolicyReport {
  readonly body: {
    readonly disposition?: unknown;
    readonly effectiveDirective?: unknown;
    readonly blockedURL?: unknown;
  } | null;
}

const POLICY_NAME = 'checkout-embed';
const scripts = new Map<string, EmbedScript>();
let policy: { createScriptURL(url: string): unknown } | null | undefined;

export function defaultScriptUrl(portalOrigin: string): URL {
  return new URL('/embed.js', portalOrigin);
}

/** The `type` of a script that a browser runs. */
const RUNS = /^\s*(|module|(text|application)\/(x-)?(java|ecma)script)\s*$/i;

/**
 * Makes sure that the script is on its way; one that failed is tried again. The caller has checked that the
 * address is the portal's.
 * @throws {TypeError} where Trusted Types are required and the policy `checkout-embed` is not allowed.
 */
export function loadEmbedScript({ url, integrity, nonce }: ScriptRequest): EmbedScript {
  const known = scripts.get(url.href);
  if (known !== undefined && known.fate !== 'failed' && known.element.isConnected) return known;
  known?.element.remove();
  const present = pagesOwn(url);
  const element = present ?? document.createElement('script');
  const script: EmbedScript = { element, fate: present === undefined ? 'loading' : 'present' };
  element.addEventListener('load', () => (script.fate = 'loaded'));
  element.addEventListener('error', () => (script.fate = 'failed'));
  if (present === undefined) {
    element.async = true;
    if (nonce !== '') element.nonce = nonce;
    if (integrity !== null) {
      element.integrity = integrity;
      // Without CORS the browser refuses to check a script of another origin.
      element.crossOrigin = 'anonymous';
    }
    element.src = trusted(url.href);
    document.head.append(element);
  }
  scripts.set(url.href, script);
  return script;
}

/**
 * A script that the page brought along. A policy that blocked it said so before anybody here listened, and then
 * it is as if it were not there: ours carries the nonce. Told by Chromium alone.
 */
function pagesOwn(url: URL): HTMLScriptElement | undefined {
  // One that waits for consent, as `text/plain`, or is for other browsers, does not run.
  const present = [...document.scripts].filter(
    ({ src, type, noModule }) => sameFile(src, url) && RUNS.test(type) && !noModule,
  );
  if (present.length === 0) return undefined;
  return present.length > blockedBefore(url) ? present[0] : undefined;
}

/** How many scripts of this address a policy of the page has blocked so far. */
function blockedBefore(url: URL): number {
  if (typeof ReportingObserver === 'undefined') return 0;
  const observer = new ReportingObserver(() => undefined, { types: ['csp-violation'], buffered: true });
  observer.observe();
  const reports = observer.takeRecords() as readonly PolicyReport[];
  observer.disconnect();
  return reports.filter(
    ({ body }) =>
      body?.disposition === 'enforce' &&
      String(body.effectiveDirective).startsWith('script-src') &&
      sameFile(String(body.blockedURL), url),
  ).length;
}

function sameFile(src: string, { origin, pathname }: URL): boolean {
  const other = parseUrl(src);
  return other?.origin === origin && other.pathname === pathname;
}

/** The policy is this module's own: nothing reaches it but what goes through {@link loadEmbedScript}. */
function trusted(url: string): string {
  if (policy === undefined) {
    try {
      const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
      policy = trustedTypes?.createPolicy(POLICY_NAME, { createScriptURL: (checked) => checked }) ?? null;
    } catch {
      // Not allowed, or another copy of this package has made it: then the assignment decides.
      policy = null;
    }
  }
  return (policy?.createScriptURL(url) as string | undefined) ?? url;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}
