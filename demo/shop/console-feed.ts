/** One stream for the QA console: the vendor's activity, the kit's log, and the order as the backend sees it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ShopOptions } from './server.js';

/** Background work changes the order without a word to us, so it is looked at this often, in milliseconds. */
const LOOK_MS = 700;

export async function streamFeed(
  { backend, sandbox }: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  ref: string,
): Promise<void> {
  const { store, kit, log } = backend;
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
        scenarios: sandbox.scenarios.list().filter(({ on }) => on),
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

  for (const entry of log.recent().slice(-20)) write('log', { ...entry, past: true });
  const stops = [
    sandbox.onActivity((entry) => {
      write('activity', entry);
      lookQuietly();
    }),
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
