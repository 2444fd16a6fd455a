/** The server's side of the story, over one stream: the sandboxes' activity, the kit's log, the order. */
import type { OrderDetail, OrderSummary } from 'checkout-embed/fulfillment';
import { describe, inWords } from './page-events.js';
import type { ShopVendor } from '../settings.js';
import { VENDOR_NAMES } from './scenarios-view.js';
import type { Timeline } from './timeline.js';

export interface OrderSnapshot {
  readonly ref: string;
  /** `null` until the first attempt. */
  readonly order: OrderDetail | null;
  readonly recent: readonly OrderSummary[];
  readonly grants: readonly { readonly orderRef: string; readonly revokedAt: string | null }[];
  readonly scenarios: readonly { readonly vendor: ShopVendor; readonly name: string }[];
}

interface ActivityLine {
  readonly vendor: ShopVendor;
  readonly at: string;
  readonly kind: string;
  readonly summary: string;
}

interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export function followServer(
  orderRef: string,
  timeline: Timeline,
  orderChanged: (snapshot: OrderSnapshot) => void,
  connectionChanged: (open: boolean) => void,
): void {
  const source = new EventSource(`/_demo/feed?order=${encodeURIComponent(orderRef)}`);
  source.addEventListener('open', () => connectionChanged(true));
  source.addEventListener('error', () => connectionChanged(false));
  source.addEventListener('activity', (event) => {
    const { vendor, at, kind, summary } = read(event) as ActivityLine;
    timeline.add('sandbox', `${VENDOR_NAMES[vendor]} ${kind}`, inWords(summary), 'plain', new Date(at));
  });
  source.addEventListener('log', (event) => {
    const { level, event: name, message, fields, at } = read(event) as LogLine;
    if (level === 'debug') return;
    const detail = [message, describe(fields)].filter((part) => part !== '').join(' · ');
    timeline.add(
      'backend',
      name,
      detail,
      level === 'warn' || level === 'error' ? 'bad' : 'plain',
      new Date(at),
    );
  });
  source.addEventListener('order', (event) => orderChanged(read(event) as OrderSnapshot));
  // An open stream keeps the page out of the back/forward cache.
  window.addEventListener('pagehide', () => source.close());
}

/** Our own server's words, of our own types. */
function read(event: MessageEvent<unknown>): unknown {
  return JSON.parse(String(event.data));
}
