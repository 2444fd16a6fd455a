/** One click to each diagnosis. */
import type { DiagnosisCode } from 'checkout-embed/element';
import { PRETENDED_LINE } from './cut-line.js';
import type { Way } from './way.js';

/** The element may ask the portal how it is, and gives up after 2 s. */
const ASKING = { policy: 'probe', patience: 'short' } as const;

/** Complete by its type. */
export const CODE_WAYS: Readonly<Record<DiagnosisCode | 'working', Way>> = {
  working: { did: 'The portal answers as it should. The element says so when it is asked.' },
  'origin-not-allowlisted': {
    did: 'The portal’s frame-ancestors leaves this page out.',
    scenarios: [{ name: 'origin-not-allowlisted' }],
  },
  'silent-page': {
    did: 'The portal’s page loads and never speaks.',
    scenarios: [{ name: 'silent-portal' }],
    page: ASKING,
  },
  'http-error': {
    did: 'The portal answers 404: the plan is not public.',
    scenarios: [{ name: 'plan-not-public' }],
    page: ASKING,
  },
  'portal-error': {
    did: 'The portal answers 503.',
    scenarios: [{ name: 'portal-error' }],
    page: ASKING,
  },
  unreachable: {
    did: 'The portal ends the connection without an answer.',
    scenarios: [{ name: 'portal-cuts-off' }],
    page: ASKING,
  },
  stalled: {
    did: 'The portal takes the request and never answers.',
    scenarios: [{ name: 'portal-hangs' }],
    page: ASKING,
  },
  'never-navigated': {
    did: 'The portal answers 204: there is nothing to show in the frame.',
    scenarios: [{ name: 'portal-empty' }],
    page: ASKING,
  },
  offline: {
    did: 'The frame loads and never speaks, and the browser seems to lose its line meanwhile.',
    scenarios: [{ name: 'silent-portal' }],
    page: { patience: 'loading', line: 'cut' },
    pretends: PRETENDED_LINE,
  },
  'csp-frame-src': {
    did: 'This page’s own Content-Security-Policy has no portal in frame-src.',
    page: { policy: 'frame-src' },
  },
  'csp-script-src': {
    did: 'This page’s own Content-Security-Policy has no portal in script-src.',
    page: { policy: 'script-src' },
  },
  'csp-connect-src': {
    did: 'This page’s own connect-src leaves out the backend, which a single-item checkout asks at once.',
    page: { policy: 'connect-src', surface: 'forced' },
  },
  'trusted-types': {
    did: 'This page requires Trusted Types and does not allow the policy “checkout-embed”.',
    page: { policy: 'trusted-types' },
  },
  'page-coep': {
    did: 'This page is served with Cross-Origin-Embedder-Policy: require-corp.',
    page: { policy: 'coep', patience: 'short' },
  },
  sandboxed: {
    did: 'The snippet’s frame has a sandbox without allow-scripts.',
    page: { surface: 'adopted', markup: 'sandboxed', patience: 'short' },
  },
  'embed-script-failed': {
    did: 'embed-script names a file that the portal does not have.',
    page: { markup: 'no-script', patience: 'short' },
  },
  'embed-script-integrity': {
    did: 'integrity holds another hash than that of embed.js.',
    page: { markup: 'integrity', patience: 'short' },
  },
  'listened-late': {
    did: 'The snippet’s frame speaks before the shop’s script is there, and no early queue kept its word.',
    page: { surface: 'adopted', markup: 'late', patience: 'short' },
  },
  'lazy-not-in-view': {
    did: 'The snippet’s frame is lazy and far below what can be seen.',
    page: { surface: 'adopted', markup: 'lazy-frame', place: 'far', patience: 'short' },
  },
  'bad-portal': {
    did: 'portal is a name without https:// in front.',
    page: { markup: 'bad-portal' },
  },
  'missing-plan': { did: 'There is a portal and no plan.', page: { markup: 'no-plan' } },
  'bad-attribute': { did: 'plan holds a slash.', page: { markup: 'bad-plan' } },
  'missing-src': {
    did: 'The tag holds a frame without an address, and has no portal and plan of its own.',
    page: { surface: 'adopted', markup: 'no-src' },
  },
  'mixed-content': {
    did: 'portal is plain http on a name that is not this machine’s.',
    page: { markup: 'http-portal' },
  },
};
