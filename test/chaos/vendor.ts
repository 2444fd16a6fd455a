/** What the harness asks of a vendor. Everything peculiar to one stays behind this. */

export const VENDOR_NAMES = ['ledgerbee', 'ledyer', 'siglume'] as const;

export type VendorName = (typeof VENDOR_NAMES)[number];

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

export interface ApiCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What can happen to a sale at this vendor at all. */
export interface VendorTraits {
  /** Its purchases can end, and it says so. */
  readonly ends: boolean;
  /** How a payment is found of which no delivery ever told: by asking, by asking once the page heard of it, or never. */
  readonly foundBy: 'reconcile' | 'signal' | null;
  /** Its checkout is opened by the kit: there is nothing to pay before, and two of them can be paid. */
  readonly opensInKit: boolean;
}

/** What the merchant's backend knows of a checkout that it has opened itself. */
export interface CheckoutIds {
  readonly orderId: string;
  readonly sessionId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface ChaosVendor {
  /** As the kit calls it. */
  readonly name: VendorName;
  readonly traits: VendorTraits;
  /** The plan that is sold. */
  readonly planId: string | null;
  /** Whatever a process needs to make the kit's adapter: plain JSON. @see vendors/adapter.ts */
  readonly adapterSettings: (apiOrigin: string) => unknown;
  /** The merchant's backend opens the checkout. `null`: that is not its to do here. */
  readonly open: (orderRef: string) => CheckoutIds | null;
  /** Checkouts of the order that a buyer can pay now. */
  readonly payable: (orderRef: string) => number;
  /** One of them is paid: the API says so from now on. @returns two different messages about it. */
  readonly sell: (orderRef: string) => readonly [Delivery, Delivery];
  /** The purchase has ended. @returns the message about it. */
  readonly end: (orderRef: string) => Delivery;
  /** What its API says when it works. */
  readonly answer: (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>;
  /** A refusal as its API words it. */
  readonly refuse: (status: number, retryAfterSeconds?: number) => ApiAnswer;
  /** Whether this answer to a delivery stops its repetition. */
  readonly accepts: (status: number) => boolean;
  /** Whether it was told that the merchant has this paid order; always, where it does not ask for that. */
  readonly isAcknowledged: (orderRef: string) => boolean;
  readonly close: () => Promise<void>;
}

/** The call again, at whoever really answers it. */
export async function passOn(origin: string, { method, url, headers, body }: ApiCall): Promise<ApiAnswer> {
  const response = await fetch(origin + url.pathname + url.search, {
    method,
    redirect: 'manual',
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => PASSED_HEADERS.has(name))),
    ...(body === '' ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

/** The rest is about the connection that it came by. */
const PASSED_HEADERS = new Set(['authorization', 'content-type', 'accept', 'idempotency-key']);
