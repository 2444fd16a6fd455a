import type { AttemptHandle, StatusAnswer, Vendor } from '../protocol/index.js';
import { pause } from './deadline.js';
import { HandoffClient, type HandoffClientOptions } from './handoff-client.js';
import { HandoffError } from './handoff-error.js';
import { systemTimers } from './ports.js';

/** How long a start is waited for while the backend still opens the checkout, in milliseconds. */
const OPENING_TIMEOUT_MS = 15_000;

/** Shortest pause before the backend is asked again, in milliseconds, whatever it wishes. */
const MIN_WAIT_MS = 100;

export interface StartCheckoutOptions extends Omit<HandoffClientOptions, 'baseUrl'> {
  /** Base of the backend's handoff routes: absolute, or relative to the page. */
  readonly handoffUrl: string;
  /** The page's word for the order; a hint to the backend, which decides what is sold and for how much. */
  readonly order?: string | undefined;
  readonly plan?: string | undefined;
  readonly item?: string | undefined;
  /** Default `siglume`, the vendor with a hosted checkout. */
  readonly vendor?: Vendor | undefined;
  /** Ends the waiting. An attempt that was opened by then is found again by the next start. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the buyer goes, or what became of the order already. */
export type StartedCheckout =
  | {
      /** The vendor's hosted checkout; https, or http on a loopback name. */
      readonly url: string;
      readonly attempt: AttemptHandle;
      readonly status: null;
    }
  /** There is nothing to pay: the order is on its way, or at its end. */
  | { readonly url: null; readonly attempt: AttemptHandle; readonly status: StatusAnswer };

/**
 * Opens a checkout without a frame: asks the merchant's backend for the vendor's hosted checkout and gives its URL.
 * Goes nowhere by itself. Calls for one order share an attempt, so a second press opens no second checkout.
 *
 * Coming back from that URL proves nothing: watch the status, with `<checkout-redirect>` or a `StatusWatcher`.
 * @throws {HandoffError} with the backend's own code; `timeout` when the checkout was not open in 15 s;
 *   `unreadable` when the backend sells in a frame.
 */
export async function startCheckout(options: StartCheckoutOptions): Promise<StartedCheckout> {
  const { handoffUrl, order, plan, item, vendor = 'siglume', signal, ...rest } = options;
  const client = new HandoffClient({ ...rest, baseUrl: handoffUrl });
  const page = rest.pageUrl ?? (globalThis as { location?: { href: string } }).location?.href ?? handoffUrl;
  return openCheckout(client, { vendor, order, plan, item, page }, { ...rest, signal });
}

/** As {@link startCheckout}, with a client that is there already. */
export async function openCheckout(
  client: HandoffClient,
  request: Parameters<HandoffClient['start']>[0],
  {
    timers = systemTimers,
    signal = new AbortController().signal,
  }: Pick<StartCheckoutOptions, 'timers' | 'signal'>,
): Promise<StartedCheckout> {
  const untilMs = timers.now() + OPENING_TIMEOUT_MS;
  for (;;) {
    const { attempt, next } = await client.start(request, signal);
    switch (next.type) {
      case 'redirect':
        return { url: next.url, attempt, status: null };
      case 'frame':
        throw new HandoffError(
          'unreadable',
          `The backend sells ${request.vendor} in a frame, not by a redirect`,
        );
      case 'wait': {
        // Two reasons: the checkout is being opened by another press, or there is nothing to pay any more.
        const { answer } = await client.status(attempt, signal);
        if (answer !== null && answer.status !== 'open') return { url: null, attempt, status: answer };
        const waitMs = Math.max(MIN_WAIT_MS, next.retryAfterMs);
        if (timers.now() + waitMs > untilMs) {
          throw new HandoffError('timeout', `The checkout was not open within ${OPENING_TIMEOUT_MS} ms`);
        }
        await pause(timers, waitMs, signal);
        signal.throwIfAborted();
      }
    }
  }
}
