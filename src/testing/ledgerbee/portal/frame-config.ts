/** What the page tells its script. Nothing in it is secret: the buyer can read it. */
export interface FrameConfig {
  /** `cards` returns to the cards; `forced` ends on "Checkout closed"; `breakout` is a page of its own. */
  readonly surface: 'cards' | 'forced' | 'breakout';
  /** The item whose checkout opens at load, or `null`. */
  readonly item: string | null;
  readonly planVersionId: string;
  /** `null` on by-id surfaces (U4). */
  readonly vanity: string | null;
  readonly lang: 'en' | 'da';
  readonly target: 'inline' | 'callback' | '_top' | '_blank';
  /** Where the break-out of an item goes; `:item` is its id. */
  readonly breakoutPath: string;
  readonly returnUrl: string | null;
  readonly planToken: string | null;
  /** Who may listen. */
  readonly partnerOrigins: readonly string[];
  /** ISO date. */
  readonly today: string;
  readonly termsVersion: string;
  readonly errors: Readonly<Record<string, string>>;
  /** A page that never speaks. */
  readonly silent: boolean;
  /** How far a buyer goes who presses by itself; `null` leaves it to people. */
  readonly robot: 'chooses' | 'confirms' | 'leaves' | null;
  readonly initiatedInline: boolean;
  readonly pageLoadedOnItem: boolean;
  readonly duplicateConfirmFiresError: boolean;
  readonly onPay: 'new-tab' | 'top';
}
