/** What the harness asks of a vendor. Everything peculiar to one stays behind this. */

/** One message of the vendor. It keeps its id however often it is sent. */
export interface Delivery {
  /** What the kit's inbox knows it by; `null` where the vendor's messages carry no id of their own. */
  readonly messageId: string | null;
  readonly orderRef: string;
  readonly about: 'payment' | 'end';
  readonly body: string;
  /** Signed at the time it is sent, as the vendor does. */
  readonly headers: () => Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ChaosVendor {
  /** As the kit calls it. */
  readonly name: string;
  /** The plan that is sold. */
  readonly planId: string;
  /** Whatever a process needs to make the kit's adapter: plain JSON. @see vendors/adapter.ts */
  readonly adapterSettings: (apiOrigin: string) => unknown;
  /** Money has moved: the API says so from now on. @returns two different messages about it. */
  readonly sell: (orderRef: string) => readonly [Delivery, Delivery];
  /** The purchase has ended. @returns the message about it. */
  readonly end: (orderRef: string) => Delivery;
  /** What its API says when it works. */
  readonly answer: (url: URL) => ApiAnswer;
  /** A refusal as its API words it. */
  readonly refuse: (status: number, retryAfterSeconds?: number) => ApiAnswer;
  /** Whether this answer to a delivery stops its repetition. */
  readonly accepts: (status: number) => boolean;
}
