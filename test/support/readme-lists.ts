/**
 * The README's lists of words that a type closes, between `<!-- list:… -->` and `<!-- /list -->`. Each record must have
 * every word of its type and no other; `npm run docs` writes them.
 */
import type { RejectReason } from '../../src/core/attempt-states.js';
import { FIXES, type DiagnosisCode } from '../../src/core/diagnosis-fixes.js';
import type { UnboundCause } from '../../src/element/events.js';
import { messagesFor, type Messages } from '../../src/element/messages.js';
import { refuse, RefusalError } from '../../src/fulfillment/http/answers.js';
import type { RefusalCode } from '../../src/protocol/refusal.js';

/** Where each message is read. */
const MESSAGES: Readonly<Record<keyof Messages, string>> = {
  frameTitle: 'the name of the frame and of the whole, for those who do not see it; in both elements',
  retry: 'the button that loads again; in `<checkout-redirect>` that of `failed`',
  reopen: 'the button of `closed`',
  openTab: 'the link of `slow` and `blocked`',
  startOver: 'the button of `pending` after a return: forgets a link that went to a wrong address',
  back: 'the button of `away`: leaves the other tab to itself',
  slow: '`slow`',
  silent: '`slow`, beside a frame that is in view and cannot be heard',
  blocked: '`blocked`, where there is an address to open',
  unavailable: '`blocked`, where there is none',
  offline: '`offline`',
  deferred: '`deferred`',
  away: '`away`',
  pending: '`pending`',
  confirmed: '`confirmed`, where no backend can be asked',
  confirming: '`confirmed`, while the backend is asked; `settling` in `<checkout-redirect>`',
  settled: '`settled` of both elements',
  unsettled: '`unsettled` of both elements',
  failed: '`failed` of both elements, where no other try is safe',
  failedRetry: '`failed` of both elements, with another try',
  error: '`error`, where no other try is offered and no backend can be asked',
  errorChecking: '`error`, while the backend is asked whether another try is safe',
  errorRetry: '`error`, with another try',
  closed: '`closed`, where it can be opened again',
  checking: '`closed`, while the backend is asked whether something was paid',
  unanswered: 'in place of `errorChecking` and `checking`, when the backend could not say',
  pay: 'the button of `<checkout-redirect>`, where its own words are not given',
  payOpening: 'the same button in `starting`',
  payFailed: '`error` of `<checkout-redirect>`',
  payAway: '`away` of `<checkout-redirect>`',
};

const REJECTED: Readonly<Record<RejectReason | 'unsafe-link', string>> = {
  'foreign-frame': 'The event names a frame that no element here has.',
  forged: 'No genuine message of our frame came with it: a script of the page dispatched it.',
  'unknown-event': 'A word that nobody here knows: LedgerBee is newer than this package.',
  malformed: 'A field is missing, or is not what it should be.',
  'ended-attempt': 'The frame, or what was bought in it, is not wanted any more.',
  'unsafe-link':
    'The link of a custom card is not https:, mailto:, tel: or a path of this site: not followed.',
};

const UNBOUND: Readonly<Record<UnboundCause, string>> = {
  anonymous: 'Nobody is logged in: `identify`, or your `fetchBindToken`, gave `null`.',
  mint_refused: 'LedgerBee refused to make a token: the key, or the customer. The kit’s log says more.',
  mint_unavailable: 'LedgerBee could not be reached, twice.',
  token_not_used: 'A token was handed out; it lives for about a minute, and once.',
  provider_failed:
    'Your `fetchBindToken`, or the backend, failed, gave no token, or took longer than ten seconds.',
  never_asked: 'LedgerBee’s script asked for none.',
};

const DIAGNOSES: Readonly<Record<DiagnosisCode, string>> = {
  working: 'The frame has spoken: nothing is wrong.',
  'origin-not-allowlisted': 'The portal does not let this page, or one around it, frame it.',
  'silent-page':
    'A page came and says nothing: not listed (Chromium alone tells), a plan that is not public, or no plan.',
  'csp-frame-src': 'This page’s policy forbids the frame.',
  'csp-script-src': 'This page’s policy forbids `embed.js`: the frame works, and nobody hears it.',
  'csp-connect-src': 'This page’s policy forbids the calls of `handoff-url`.',
  'trusted-types': 'This page’s policy forbids the element’s Trusted Types policies.',
  'page-coep': 'This page’s `Cross-Origin-Embedder-Policy` keeps the frame out.',
  sandboxed: 'The `sandbox` of the pasted frame takes its scripts or its origin.',
  'embed-script-failed': '`embed.js` did not come, or did not start.',
  'embed-script-integrity': '`embed.js` did not come, and has an `integrity`: it may have changed.',
  'listened-late':
    'The pasted frame was there before the element, or the tag stands in a shadow root: its word may have been missed.',
  'mixed-content': 'The frame’s address is plain http, which a page on https does not show.',
  'lazy-not-in-view': 'The frame is lazy, and not near the view.',
  'never-navigated': 'The portal answers, but the frame stays empty.',
  'http-error': 'The portal answers with a 4xx.',
  'portal-error': 'The portal answers with a 5xx, or 429.',
  unreachable: 'The portal does not answer: its address, or what blocks it.',
  stalled: 'The portal has not answered in time.',
  offline: 'The browser says that it is offline.',
  'missing-src': 'The pasted frame has no `src`, and the attributes make none.',
  'bad-portal': '`portal` is missing, or is no https origin.',
  'missing-plan': '`plan` is missing.',
  'bad-attribute': 'Another attribute holds what it cannot.',
};

const REFUSALS: Readonly<Record<RefusalCode, string>> = {
  bad_request: 'the body, or a header, has not this shape',
  unsupported_version: '`v` is not 1',
  unauthorized: 'no such attempt for this token or login: the page forgets it',
  origin_not_allowed: 'this page may not call',
  not_found: 'no such route or attempt: the page forgets it, unless it asked for `events`',
  method_not_allowed: 'another method is meant',
  order_not_resolved: 'nothing is sold under this name to this visitor',
  vendor_not_configured: 'that `vendor` is not sold through here',
  payload_too_large: 'the body is too long',
  unsupported_media_type: 'the body is not `application/json`',
  rate_limited: 'too many calls; with `Retry-After`',
  vendor_unavailable: 'the vendor cannot be reached; with `Retry-After`',
  checkout_unavailable: 'no checkout is to be had until you mend something',
  unavailable: 'your own trouble, which passes; with `Retry-After`',
  internal: 'your own trouble',
};

/** By the name of their place. */
const LISTS: Readonly<Record<string, () => string>> = {
  messages: () => {
    const english = messagesFor('en', {}, {});
    return table(
      ['Word', 'Is', 'Read in'],
      entries(MESSAGES).map(([key, where]) => [
        code(key),
        typeof english[key] === 'string' ? 'a string' : '`[heading, text]`',
        where,
      ]),
    );
  },
  rejected: () => pairs(['`reason`', 'Means'], REJECTED),
  unbound: () => pairs(['`unbound`', 'Means'], UNBOUND),
  diagnoses: () =>
    table(
      ['`code`', 'Means', 'Mended by'],
      entries(DIAGNOSES).map(([name, means]) => [
        code(name),
        means,
        name === 'working' ? '' : FIXES[name][0],
      ]),
    ),
  refusals: () =>
    table(
      ['`code`', 'Status', 'Means'],
      entries(REFUSALS)
        .map(([name, means]) => [code(name), String(refuse(new RefusalError(name, '')).status), means])
        .sort(([, a = ''], [, b = '']) => a.localeCompare(b)),
    ),
};

/** @throws {Error} when a list has no place in the README, or a place no list. */
export function withLists(readme: string): string {
  const missing = new Set(Object.keys(LISTS));
  const text = readme.replace(
    /(<!-- list:(\w+) -->)[^]*?(<!-- \/list -->)/g,
    (_, start: string, name: string, end: string) => {
      const make = LISTS[name];
      if (make === undefined) throw new Error(`README.md asks for a list ${name}; there is none`);
      missing.delete(name);
      return `${start}\n\n${make()}\n\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`README.md has no place for ${[...missing].join(', ')}`);
  return text;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function pairs(head: readonly [string, string], means: Readonly<Record<string, string>>): string {
  return table(
    head,
    entries(means).map(([name, what]) => [code(name), what]),
  );
}

function entries<Name extends string>(record: Readonly<Record<Name, string>>): [Name, string][] {
  return Object.entries(record) as [Name, string][];
}

function code(text: string): string {
  return `\`${text}\``;
}
