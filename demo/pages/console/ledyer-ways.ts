/** Ledyer's tab: one click to each state of its confirmation page, and one to each trap of the vendor. */
import type { RedirectState } from 'checkout-embed/redirect';
import type { LedyerScenarioName } from 'checkout-embed/testing';
import type { NoWay, ScenarioCard, Way } from './way.js';

const ORDERS = { name: 'buyer-orders', times: 1 } as const;

const press = { vendor: 'ledyer', presses: true } as const;

const NO_BUTTON: NoWay = { not: 'The confirmation page has no button: it watches.' };

/** Complete by its type, in the order of a purchase. */
export const LEDYER_STATES: Readonly<Record<RedirectState, Way | NoWay>> = {
  idle: NO_BUTTON,
  starting: NO_BUTTON,
  error: NO_BUTTON,
  away: NO_BUTTON,
  settling: {
    ...press,
    did: 'The order is placed, and a person at Ledyer looks at it first: pending.',
    scenarios: [ORDERS, { name: 'buyer-reviewed', times: 1 }],
  },
  settled: {
    ...press,
    did: 'The order is placed by invoice; Ledyer’s notification makes the backend ask, and it may be shipped.',
    scenarios: [ORDERS],
  },
  unsettled: {
    ...press,
    did: 'The order is placed, and it comes to another amount than the shop’s: the kit opens a review.',
    scenarios: [ORDERS],
    fate: 'other-amount',
  },
  failed: {
    ...press,
    did: 'The order is placed, the shop’s own grant fails, and somebody cancels the order at Ledyer’s.',
    scenarios: [ORDERS],
    fate: 'cancelled',
  },
};

const api = (title: string, expect: string, times?: number): ScenarioCard => ({
  title,
  expect,
  group: 'The API, once the checkout is open',
  ...(times === undefined ? {} : { times }),
  and: [ORDERS],
  presses: true,
});
const notified = (title: string, expect: string, times = 1): ScenarioCard => ({
  title,
  expect,
  group: 'Notifications',
  times,
  and: [ORDERS],
  presses: true,
});
const buyer = (title: string, expect: string): ScenarioCard => ({
  title,
  expect,
  group: 'The buyer',
  times: 1,
  and: [ORDERS],
  presses: true,
});

const LATER = 'The notification is answered 200 and the look-up waits: later, and not lost.';

/** Complete by its type: a scenario added to the sandbox is missing here until it has a card. */
export const LEDYER_CARDS: Readonly<Record<LedyerScenarioName, ScenarioCard>> = {
  'api-down': api('Down', LATER, 2),
  'api-hangs': api('Hangs', LATER, 1),
  'api-loses-answer': api(
    'Loses an answer',
    'The acknowledge is done and not answered: asked again, done once.',
    1,
  ),
  'api-rate-limited': api('Rate limited', LATER, 2),
  'api-garbage': api('Answers garbage', LATER, 2),
  'api-redirects': api(
    'Redirects elsewhere',
    'Not followed: the token goes nowhere else. Later, and not lost.',
    2,
  ),
  'token-expired': api('Token expired', 'A fresh token is fetched; nobody notices.', 1),
  'token-endpoint-down': {
    ...api('Token endpoint down', LATER, 2),
    and: [ORDERS, { name: 'token-expired', times: 1 }],
  },
  'credentials-refused': {
    ...api('Credentials refused', 'Later, and the log says whose turn it is.', 2),
    and: [ORDERS, { name: 'token-expired', times: 1 }],
  },
  'status-unknown': api('Status unknown', 'Nothing changes on a word that says nothing: asked again.', 2),
  'status-new-word': api('A ninth status', 'Nothing changes; in the end a person looks.'),
  'order-hidden': api('Order not yet visible', 'Asked again until it is there.', 2),
  'capture-not-available': api('No capture offered', 'Confirmed and granted; a capture would be refused.'),
  'acknowledge-fails': api('Acknowledge fails', 'Tried again until it is done, once.', 2),
  'notification-twice': notified('Twice', 'Looked up, granted once, acknowledged once.', 2),
  'notification-delayed': notified('Delayed for days', 'The later one brings it; reconcile would too.'),
  'notification-out-of-order': notified(
    'Out of order',
    '“ready” before “create”: the state is asked, not the order of mails.',
  ),
  'notification-lost': notified('Lost', 'The next one brings it.'),
  'notification-replayed': notified('Replayed', 'Looked up again; nothing new.'),
  'notifications-at-once': notified('All at once', 'Looked up, granted once.'),
  'notification-spoofed': notified('Spoofed', 'A stranger says “captured”: it is only a reason to ask.'),
  'notification-unknown-id': notified(
    'Unknown id',
    'Answered 200, parked, and forgotten when Ledyer does not know it.',
  ),
  'create-dropped': notified('No “create”', '“ready” alone brings the order.'),
  'ready-dropped': notified('No “ready”', '“create” alone brings the order.'),
  'buyer-reviewed': buyer('Reviewed by a person', 'Pending until Ledyer approves: press that below.'),
  'buyer-signs-later': buyer('Somebody else signs', 'Pending until the signatory answers: press that below.'),
  'buyer-orders': {
    title: 'Orders',
    expect: 'The buyer goes to Ledyer, orders by invoice and comes back.',
    group: 'The buyer',
    times: 1,
    presses: true,
  },
};

/** What the vendor, its buyer and the merchant portal do to the order that is looked at. */
export const LEDYER_ACTS: Readonly<Record<string, string>> = {
  pay: 'Buyer orders',
  approve: 'Ledyer approves',
  sign: 'Signatory approves',
  decline: 'Signatory declines',
  capture: 'Capture all',
  captureFirstLine: 'Capture a line',
  refundFirstLine: 'Refund a line',
  refund: 'Refund all',
  cancel: 'Cancel the order',
  expire: 'Time runs out',
  replay: 'Last notification again',
  'revoke-tokens': 'Tokens stop holding',
};
