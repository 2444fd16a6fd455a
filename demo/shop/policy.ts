/** The page's own headers: what the README asks of a strict page, or with the one fault that the QA console wants to see. */
import type { PageSettings } from '../pages/settings.js';

export function pageHeaders(
  policy: PageSettings['policy'],
  shopOrigin: string,
  portalOrigin: string,
  /** Where a form of the page may lead beside the shop itself: a redirect counts. */
  formOrigins: readonly string[] = [],
): Readonly<Record<string, string>> {
  const csp: Record<string, string> = {
    'default-src': "'none'",
    'script-src': `'self' ${portalOrigin}`,
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'frame-src': portalOrigin,
    'form-action': ["'self'", ...formOrigins].join(' '),
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  };
  switch (policy) {
    case 'strict':
    case 'coep':
      break;
    case 'probe':
      csp['connect-src'] = `'self' ${portalOrigin}`;
      break;
    case 'frame-src':
      csp['frame-src'] = "'self'";
      break;
    case 'script-src':
      csp['script-src'] = "'self'";
      break;
    case 'connect-src':
      // The console may go on asking; the checkout may not.
      csp['connect-src'] = `${shopOrigin}/_demo/`;
      break;
    case 'trusted-types':
      csp['require-trusted-types-for'] = "'script'";
      csp['trusted-types'] = "lit-html 'allow-duplicates'";
      break;
  }
  return {
    'Content-Security-Policy': Object.entries(csp)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    ...(policy === 'coep' ? { 'Cross-Origin-Embedder-Policy': 'require-corp' } : {}),
  };
}
