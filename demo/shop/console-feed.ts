/** One stream for the QA console: the vendors' activity, the kit's log, and the order as the backend sees it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SETTINGS, type ShopVendor } from '../pages/settings.js';
import type { ShopOptions } from './server.js';

/** Background work changes the order without a word to us, so it is looked at this often, in milliseconds. */
const LOOK_MS = 700;

/** What every sandbox has of this. */
interface Watched {
  readonly activity: { readonly list: () => readonly { readonly at: string }[] };
  readonly onActivity: (listener: (entry: { readonly at: string }) => void) => () => void;
}

export async function streamFeed(
  { backend }: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { store, kit, log, sandboxes, switches } = backend;
  const ref = query.get('order') ?? '';
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  const write = (event: string, data: unknown): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  let shown = '';
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const snapshot = {
        ref,
        order: await kit.orders.read(ref),
        recent: await kit.orders.list({ limit: 5 }),
        grants: await store.grantsOf(ref),
        scenarios: SETTINGS.vendor.flatMap((vendor) =>
          switches[vendor].on().map((name) => ({ vendor, name })),
        ),
      };
      const text = JSON.stringify(snapshot);
      if (text !== shown) write('order', snapshot);
      shown = text;
    } finally {
      looking = false;
    }
  };
  const lookQuietly = (): void => {
    // A database that is away shows in the kit's log; the stream goes on.
    look().catch(() => undefined);
  };

  const sources = Object.entries(sandboxes) as [ShopVendor, Watched][];
  // The buyer may have been to the vendor's page meanwhile: what the order has seen by now is told first.
  const sinceMs = (await store.startedAt(ref)) ?? Date.now();
  const isOfOrder = ({ at }: { readonly at: string }): boolean => Date.parse(at) >= sinceMs;
  for (const [vendor, { activity }] of sources) {
    for (const entry of activity.list().filter(isOfOrder)) write('activity', { ...entry, vendor });
  }
  for (const entry of log.recent().filter(isOfOrder)) write('log', entry);
  const stops = [
    ...sources.map(([vendor, { onActivity }]) =>
      onActivity((entry) => {
        write('activity', { ...entry, vendor });
        lookQuietly();
      }),
    ),
    log.subscribe((entry) => {
      write('log', entry);
      lookQuietly();
    }),
  ];
  const timer = setInterval(lookQuietly, LOOK_MS);
  lookQuietly();
  await new Promise<void>((resolve) => response.once('close', resolve));
  clearInterval(timer);
  for (const stop of stops) stop();
}
