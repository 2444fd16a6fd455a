/** Every reason for a silent frame that a page can name. */
export type DiagnosisCode = keyof typeof FIXES;

export type Fixer = 'merchant' | 'operator' | 'buyer' | 'developer';

/** Who can mend it, and how. The exact value to copy comes from the evidence. */
export const FIXES = {
  working: ['developer', 'Nothing to mend.'],
  'origin-not-allowlisted': [
    'operator',
    'Add the origin of this page in LedgerBee, under Settings → Portal → Embedding.',
  ],
  'silent-page': [
    'operator',
    'Check that LedgerBee lists the origin of this page under Settings → Portal → Embedding, and that the plan is public.',
  ],
  'csp-frame-src': ['merchant', 'Allow the portal in the Content-Security-Policy of this page.'],
  'csp-script-src': ['merchant', 'Allow embed.js in the Content-Security-Policy of this page.'],
  'csp-connect-src': ['merchant', 'Allow the handoff URL in the Content-Security-Policy of this page.'],
  'trusted-types': ['merchant', 'Allow these policies in the Content-Security-Policy of this page.'],
  'page-coep': ['merchant', 'Serve this page without Cross-Origin-Embedder-Policy.'],
  sandboxed: [
    'developer',
    'Remove the sandbox attribute of the frame, the checkout’s or this page’s own, or allow this much.',
  ],
  'embed-script-failed': ['developer', 'Check that the URL of embed.js opens, and that nothing blocks it.'],
  'embed-script-integrity': [
    'developer',
    'Renew or remove the integrity attribute: embed.js may have changed.',
  ],
  'listened-late': [
    'developer',
    'Put checkout-embed/early into the head of this page, and the tag outside of any shadow root.',
  ],
  'mixed-content': ['developer', 'Give the portal by its https address.'],
  'lazy-not-in-view': ['developer', 'Nothing is wrong: the frame loads when it comes near the view.'],
  'never-navigated': [
    'developer',
    'Check that the URL of the frame shows a page, and that nothing blocks it.',
  ],
  'http-error': ['operator', 'Check the address of the plan, and that the plan is public.'],
  'portal-error': ['operator', 'The portal has trouble. Try again in a moment.'],
  unreachable: ['developer', 'Check the address of the portal, and that nothing blocks it.'],
  stalled: ['buyer', 'Wait a moment, or try again.'],
  offline: ['buyer', 'Connect to the internet.'],
  'missing-src': ['developer', 'Give the frame a src, or set portal and plan.'],
  'bad-portal': ['developer', ''],
  'missing-plan': ['developer', ''],
  'bad-attribute': ['developer', ''],
} as const satisfies Record<string, readonly [Fixer, string]>;
