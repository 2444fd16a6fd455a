/** Siglume's tab: one click to each state of the button, and one to each fault of the vendor. */
import type { RedirectState } from 'checkout-embed/redirect';
import type { SiglumeFaultName } from 'checkout-embed/testing';
import type { ScenarioCard, Way } from './way.js';

const PAYS = { name: 'buyer-pays', times: 1 } as const;

const press = { vendor: 'siglume', presses: true } as const;

/** Complete by its type, in the order of a purchase. */
export const SIGLUME_STATES: Readonly<Record<RedirectState, Way>> = {
  idle: { vendor: 'siglume', did: 'A new order: nothing is asked of anybody before the button is pressed.' },
  starting: {
    ...press,
    did: 'The button is pressed, and Siglume makes the session but does not answer.',
    scenarios: [{ name: 'hangs-after-creating', times: 1 }],
  },
  error: {
    ...press,
    did: 'The button is pressed, and hosted checkout is not enabled for the merchant.',
    scenarios: [{ name: 'not-enabled' }],
  },
  away: {
    ...press,
    did: 'A buyer without hands goes to the checkout and cancels there.',
    scenarios: [{ name: 'buyer-cancels', times: 1 }],
  },
  settling: {
    ...press,
    did: 'The buyer pays and comes back, and the shop’s own grant fails: the order stays under way.',
    scenarios: [PAYS],
    fate: 'grant-fails',
  },
  settled: {
    ...press,
    did: 'The buyer pays; the signed webhook comes, the grant is written, the backend says so.',
    scenarios: [PAYS],
  },
  unsettled: {
    ...press,
    did: 'The buyer pays, and the webhook names another amount: the kit opens a review.',
    scenarios: [PAYS, { name: 'webhook-wrong-amount', times: 1 }],
  },
  failed: {
    ...press,
    did: 'The buyer pays, the webhook names another amount, and whoever looks at the review says no.',
    scenarios: [PAYS, { name: 'webhook-wrong-amount', times: 1 }],
    fate: 'refused',
  },
};

const refused = (title: string, expect: string): ScenarioCard => ({
  title,
  expect,
  group: 'The API refuses',
  presses: true,
});
const lost = (title: string): ScenarioCard => ({
  title,
  expect:
    'The session was made and the answer is lost: the next try gets the same session, and it is paid once.',
  group: 'The answer is lost',
  times: 1,
  and: [PAYS],
  presses: true,
});
const signed = (title: string, expect: string): ScenarioCard => ({
  title,
  expect,
  group: 'Well signed, and not so',
  times: 1,
  and: [PAYS],
  presses: true,
});
const unsigned = (title: string, expect: string): ScenarioCard => ({
  title,
  expect,
  group: 'Badly signed',
  times: 1,
  and: [PAYS],
  presses: true,
});
const delivery = (title: string, expect: string, times?: number): ScenarioCard => ({
  title,
  expect,
  group: 'Deliveries',
  ...(times === undefined ? {} : { times }),
  and: [PAYS],
  presses: true,
});

const MENDED_BY_MERCHANT = 'Payment can’t be opened; the log names what the merchant must do.';
const PASSES = 'Payment can’t be opened now; a later press goes through.';
const TRIED_AGAIN = 'Answered 401 and nothing is stored; the try after it is genuine and settles.';
const UNREADABLE = 'Nobody guesses: kept for a person, and the page ends with “we have your order”.';
const LOOKED_AT = '“We have your order”: a review with the evidence, and no grant.';

/** Complete by its type: a fault added to the sandbox is missing here until it has a card. */
export const SIGLUME_CARDS: Readonly<Record<SiglumeFaultName, ScenarioCard>> = {
  'not-enabled': refused('Checkout not enabled', MENDED_BY_MERCHANT),
  'feature-disabled': refused('Feature disabled (409)', MENDED_BY_MERCHANT),
  'feature-disabled-404': refused('Feature disabled (404)', MENDED_BY_MERCHANT),
  'not-found': refused('Not found', MENDED_BY_MERCHANT),
  'not-found-no-code': refused('Not found, no code', MENDED_BY_MERCHANT),
  'route-not-found': refused('No such route', MENDED_BY_MERCHANT),
  'readiness-required': refused('Not ready for live', MENDED_BY_MERCHANT),
  'merchant-not-found': refused('Unknown merchant', MENDED_BY_MERCHANT),
  'billing-setup-required': refused('Billing not set up', MENDED_BY_MERCHANT),
  'billing-past-due': refused('Billing past due', MENDED_BY_MERCHANT),
  'billing-suspended': refused('Billing suspended', MENDED_BY_MERCHANT),
  'validation-failed': refused('Validation failed', MENDED_BY_MERCHANT),
  unauthorized: refused('Token refused (401)', MENDED_BY_MERCHANT),
  forbidden: refused('Forbidden (403)', MENDED_BY_MERCHANT),
  'rate-limited': refused('Rate limited', PASSES),
  'server-error': refused('Server error', PASSES),
  unavailable: refused('Unavailable', PASSES),
  'not-json': refused('Answer is no JSON', PASSES),
  redirected: refused(
    'Redirected elsewhere',
    'Not followed: the token goes nowhere else. Payment can’t be opened.',
  ),
  'hangs-after-creating': lost('No answer'),
  'cut-off-after-creating': lost('Answer cut off'),
  'error-after-creating': lost('500 after creating'),
  'not-json-after-creating': lost('No JSON after creating'),
  'webhook-before-answer': {
    title: 'Webhook before answer',
    expect: 'Paid before the start is answered: Siglume’s page says so and leads back, and it settles once.',
    group: 'The answer is lost',
    times: 1,
    presses: true,
  },
  'paid-after-expiry': signed(
    'Paid after expiry',
    'The session reads “expired”, and the money comes: it is still money, and settles.',
  ),
  'webhook-unknown-type': signed('Unknown type', 'Stored and ignored: nobody knows what it says.'),
  'webhook-unknown-mode': signed('Unknown mode', UNREADABLE),
  'webhook-missing-receipt': signed('No receipt', UNREADABLE),
  'webhook-wrong-amount': signed('Another amount', LOOKED_AT),
  'webhook-wrong-currency': signed('Another currency', LOOKED_AT),
  'webhook-wrong-merchant': signed('Another merchant', LOOKED_AT),
  'webhook-unknown-hash': signed(
    'Unknown challenge',
    'Parked, then reviewed: no attempt here has that challenge.',
  ),
  'webhook-metered-band': signed('Small-payment band', 'Held: METERED_INTEGRATION_REQUIRED goes to review.'),
  'webhook-batch-event': signed(
    'A batch event instead',
    'It names no payment of an order: read from the statements, grants nothing.',
  ),
  'webhook-wrongly-signed': unsigned('Wrongly signed', TRIED_AGAIN),
  'webhook-unsigned': unsigned('Unsigned', TRIED_AGAIN),
  'webhook-stale': unsigned('Too old', TRIED_AGAIN),
  'webhook-from-the-future': unsigned('From the future', TRIED_AGAIN),
  'webhook-altered-body': unsigned('Altered on the way', TRIED_AGAIN),
  'webhook-twice': delivery('Delivered twice', 'Two deliveries with one id; granted once.', 1),
  'webhook-second-event-id': delivery('A second event id', 'Two events about one payment; granted once.', 1),
  'webhook-replayed': delivery('Replayed', 'The same bytes once more; granted once.', 1),
  'webhook-late': delivery('Late', 'The page says “confirming” until it comes.', 1),
  'webhook-lost': delivery(
    'Lost',
    'No delivery comes, and a reading is no proof: in the end a person looks.',
    1,
  ),
  'webhook-out-of-order': delivery('Out of order', '“spent” before “confirmed”; granted once.', 1),
  'notice-fails': {
    title: 'Notice fails',
    expect:
      'With DEMO_METERED=1: the batch’s notice is not delivered, and it waits. Without, a small price is not sold.',
    group: 'Small payments',
    page: { price: 'small' },
    times: 1,
    and: [PAYS],
    presses: true,
  },
  'debit-fails': {
    title: 'Debit fails',
    expect:
      'With DEMO_METERED=1: the batch cannot be debited, then is past due. Without, a small price is not sold.',
    group: 'Small payments',
    page: { price: 'small' },
    times: 1,
    and: [PAYS],
    presses: true,
  },
  'buyer-pays': {
    title: 'Pays',
    expect: 'The buyer goes to Siglume, pays and comes back.',
    group: 'Robot',
    times: 1,
    presses: true,
  },
  'buyer-cancels': {
    title: 'Cancels',
    expect: 'The buyer goes to Siglume, cancels and comes back: payment isn’t finished yet.',
    group: 'Robot',
    times: 1,
    presses: true,
  },
};

/** What the vendor, its buyer and the clock do to the order that is looked at. */
export const SIGLUME_ACTS: Readonly<Record<string, string>> = {
  buy: 'Buyer pays',
  cancel: 'Buyer cancels',
  expire: 'Session expires',
  redeliver: 'Last webhook again',
  replay: 'Replay its bytes',
  probe: 'Readiness probe',
  'batch-settles': 'Batch settles',
  'batch-fails': 'Batch fails',
  'batch-past-due': 'Batch past due',
  'batch-uncollectible': 'Batch uncollectible',
  'batch-written-off': 'Batch written off',
};
