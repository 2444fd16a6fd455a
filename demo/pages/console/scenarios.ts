/** Every scenario of the sandbox as a button: what happens, and which buyer it needs to happen at all. */
import type { ScenarioName } from 'checkout-embed/testing';
import type { BuyerWish } from './way.js';

export interface ScenarioCard {
  readonly title: string;
  /** What the person will see, in one sentence. */
  readonly expect: string;
  readonly buyer: BuyerWish;
  /** Occasions until it is over; without a number it stays on. */
  readonly times?: number;
  readonly group: 'Frame' | 'Binding' | 'Checkout' | 'Webhooks' | 'Robot';
}

/** Complete by its type: a scenario added to the sandbox is missing here until it has a card. */
export const SCENARIO_CARDS: Readonly<Record<ScenarioName, ScenarioCard>> = {
  'plan-not-public': {
    title: 'Plan not public',
    expect: 'The frame shows “not found”; no event comes and the element says so.',
    buyer: 'either',
    group: 'Frame',
  },
  'origin-not-allowlisted': {
    title: 'Origin refused',
    expect: 'The browser refuses the frame; the element names the origin to allowlist.',
    buyer: 'either',
    group: 'Frame',
  },
  'slow-portal': {
    title: 'Slow portal',
    expect: 'The skeleton gives way to “taking longer”, then the cards come.',
    buyer: 'either',
    group: 'Frame',
  },
  'silent-portal': {
    title: 'Silent portal',
    expect: 'The frame loads and never speaks; blocked after the deadline.',
    buyer: 'either',
    group: 'Frame',
  },
  'portal-error': {
    title: 'Portal error',
    expect: 'The portal answers 503; blocked after the deadline.',
    buyer: 'either',
    group: 'Frame',
  },
  'portal-empty': {
    title: 'Empty answer',
    expect: 'The portal answers 204, so the frame never leaves its empty page.',
    buyer: 'either',
    group: 'Frame',
  },
  'portal-hangs': {
    title: 'Portal hangs',
    expect: 'The request is never answered; one more try, then blocked.',
    buyer: 'either',
    group: 'Frame',
  },
  'portal-stalls': {
    title: 'Portal stalls',
    expect: 'The page begins and never ends; one more try, then blocked.',
    buyer: 'either',
    group: 'Frame',
  },
  'portal-cuts-off': {
    title: 'Portal cuts off',
    expect: 'The connection ends without an answer; blocked after the deadline.',
    buyer: 'either',
    group: 'Frame',
  },
  'buyer-chooses': {
    title: 'Chooses',
    expect: 'The first card is pressed for you.',
    buyer: 'either',
    group: 'Robot',
  },
  'buyer-confirms': {
    title: 'Chooses and confirms',
    expect: 'The first card is bought for you.',
    buyer: 'either',
    group: 'Robot',
  },
  'buyer-leaves': {
    title: 'Chooses and leaves',
    expect: 'The first card is pressed and left again.',
    buyer: 'either',
    group: 'Robot',
  },
  'missing-scope': {
    title: 'Missing scope',
    expect: 'The SSO key may not mint; the checkout goes on unbound and the log says why.',
    buyer: 'bound',
    group: 'Binding',
  },
  'unknown-customer': {
    title: 'Unknown customer',
    expect: 'LedgerBee does not know the customer id; unbound, and the log says why.',
    buyer: 'bound',
    group: 'Binding',
  },
  'rate-limited': {
    title: 'Rate limited',
    expect: 'The API answers 429, so there is no bind token: unbound, and the log says why.',
    buyer: 'bound',
    group: 'Binding',
  },
  'bind-ref-expired': {
    title: 'Bind ref expired',
    expect: 'LedgerBee goes on anonymously without an error; the order stays pending.',
    buyer: 'bound',
    group: 'Binding',
  },
  'bind-ref-reused': {
    title: 'Bind ref reused',
    expect: 'As expired: anonymous, no error, and the developer is told.',
    buyer: 'bound',
    group: 'Binding',
  },
  'bind-ref-foreign': {
    title: 'Bind ref foreign',
    expect: 'The session is refused each time; back to the cards with an error beside them.',
    buyer: 'bound',
    group: 'Binding',
  },
  'mint-fails': {
    title: 'Session mint fails',
    expect: 'SESSION_MINT_FAILED; a second try is safe and works.',
    buyer: 'bound',
    times: 1,
    group: 'Checkout',
  },
  'confirm-fails': {
    title: 'Confirm fails',
    expect: 'CONFIRM_FAILED; retry is offered once the vendor was asked and has nothing.',
    buyer: 'bound',
    times: 1,
    group: 'Checkout',
  },
  'session-expired': {
    title: 'Session expired',
    expect: 'The confirm comes too late (410); a restart mints a fresh session.',
    buyer: 'bound',
    times: 1,
    group: 'Checkout',
  },
  'duplicate-confirm': {
    title: 'Duplicate confirm',
    expect: 'A 409 for the second submit; one subscription, one grant.',
    buyer: 'bound',
    times: 1,
    group: 'Checkout',
  },
  'self-signup-off': {
    title: 'Self-signup off',
    expect: 'An anonymous buyer cannot start, however often: SESSION_MINT_FAILED.',
    buyer: 'anonymous',
    group: 'Checkout',
  },
  'webhook-twice': {
    title: 'Delivered twice',
    expect: 'Two deliveries with one id; granted once.',
    buyer: 'bound',
    group: 'Webhooks',
  },
  'webhook-late': {
    title: 'Delivered late',
    expect: 'Reconcile is faster than the deliveries, two minutes later; granted once.',
    buyer: 'bound',
    group: 'Webhooks',
  },
  'webhook-out-of-order': {
    title: 'Out of order',
    expect: '“started” before “assigned”; granted once.',
    buyer: 'bound',
    group: 'Webhooks',
  },
  'webhook-lost': {
    title: 'Lost',
    expect: 'No delivery ever comes; reconcile finds the subscription.',
    buyer: 'bound',
    group: 'Webhooks',
  },
  'webhook-wrongly-signed': {
    title: 'Wrongly signed',
    expect: 'Answered 401, nothing is stored; reconcile finds the subscription.',
    buyer: 'bound',
    group: 'Webhooks',
  },
  'webhook-replayed': {
    title: 'Replayed',
    expect: 'An old delivery outside the replay window is refused.',
    buyer: 'bound',
    group: 'Webhooks',
  },
};

export const GROUPS = ['Frame', 'Binding', 'Checkout', 'Webhooks', 'Robot'] as const;
