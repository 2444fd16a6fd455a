/**
 * What nobody could read in the vendor's documentation, and which the real one may do either way. Each is
 * set to what the contract assumes (its row in `ledgerbee.md` §10 is named) and can be turned.
 */
import { Choices, type ChoiceLists } from '../shared/choices.js';

export interface AssumptionValues {
  /** When embed.js dispatches what a message said: in the message's own task, or in a later one. U1 */
  readonly dispatch: 'same-task' | 'late';
  /** Which iframes embed.js adopts: also those added later, or only those present when it loads. U2 */
  readonly frames: 'observer' | 'at-load';
  /** What `target` means when it is absent or unknown. U6 */
  readonly defaultTarget: '_blank' | 'inline';
  /** Whether embed.js sets the height of the iframe. U8 */
  readonly resize: boolean;
  /** Name of the provision answer's field that holds the bind ref. U9 */
  readonly provisionTokenField: 'checkoutBindToken' | 'bindToken';
  /** Shape of the subscription list's answer. U13 */
  readonly listShape: 'page' | 'array';
  /** Whether `webhook-id` belongs to a delivery to one endpoint, or to the event. U17 */
  readonly messageIdPer: 'endpoint' | 'event';
  /** Whether the envelope's `timestamp` stays over retries (and with it the body's bytes). U18 */
  readonly envelopeTimestamp: 'constant' | 'each-send';
  /** Which of the two events of an immediate start is sent first. U19 */
  readonly firstEvent: 'assigned' | 'started';
  /** Whether a 409 for a duplicate confirm fires `checkoutError`. U23 */
  readonly duplicateConfirmFiresError: boolean;
  /** Whether a buy button fires `checkoutInitiated` in `inline` mode. U24 */
  readonly initiatedInline: boolean;
  /** Whether `pageLoaded` fires on item-pinned, forced and by-id checkouts. U25 */
  readonly pageLoadedOnItem: boolean;
  /** Whether an anonymous checkout's subscription ever carries the reference of a ref it failed to redeem. U31 */
  readonly anonymousKeepsReference: boolean;
  /** Where a bound card payment breaks out to. U32 */
  readonly onPay: 'new-tab' | 'top';
  /** When a bind ref counts as used. U34 */
  readonly bindRefSpentAt: 'mint' | 'confirm';
}
export type AssumptionName = keyof AssumptionValues;

/** The values that each assumption may take; the first is the contract's. */
export const ASSUMPTIONS: ChoiceLists<AssumptionValues> = {
  dispatch: ['same-task', 'late'],
  frames: ['observer', 'at-load'],
  defaultTarget: ['_blank', 'inline'],
  resize: [true, false],
  provisionTokenField: ['checkoutBindToken', 'bindToken'],
  listShape: ['page', 'array'],
  messageIdPer: ['endpoint', 'event'],
  envelopeTimestamp: ['constant', 'each-send'],
  firstEvent: ['assigned', 'started'],
  duplicateConfirmFiresError: [false, true],
  initiatedInline: [true, false],
  pageLoadedOnItem: [true, false],
  anonymousKeepsReference: [false, true],
  onPay: ['new-tab', 'top'],
  bindRefSpentAt: ['mint', 'confirm'],
};

export class Assumptions extends Choices<AssumptionValues> {
  constructor(changed: (summary: string) => void) {
    super(ASSUMPTIONS, changed);
  }
}
