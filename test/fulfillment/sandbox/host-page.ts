/** A merchant's page around the portal's frame, on an origin of its own, that writes down what it hears. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';

const EVENTS = [
  'pageLoaded',
  'checkoutInitiated',
  'customCtaClicked',
  'checkoutConfirmed',
  'checkoutError',
  'checkoutClosed',
];

/** One embed event without its `frame`, and whether the message that caused it was still being handled. */
export interface HeardEvent {
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly isOurFrame: boolean;
  readonly isSameTask: boolean;
}

export interface HostPage {
  readonly origin: string;
  /** Gives the page's body. */
  serve(body: string): void;
  close(): Promise<void>;
}

const RECORDER = `<script>
  window.heard = [];
  let inMessage = false;
  addEventListener('message', () => {
    inMessage = true;
    setTimeout(() => { inMessage = false; }, 0);
  }, true);
  for (const name of ${JSON.stringify(EVENTS)}) {
    addEventListener('ledgerbee:embed:' + name, (event) => {
      const { frame, ...detail } = event.detail;
      heard.push({ name, detail, isOurFrame: frame === document.querySelector('iframe'), isSameTask: inMessage });
    });
  }
</script>`;

export async function startHostPage(): Promise<HostPage> {
  let body = '';
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Shop</title><body>${RECORDER}${body}</body>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://shop.localhost:${(server.address() as AddressInfo).port}`,
    serve: (html) => void (body = html),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function heardBy(page: Page): Promise<HeardEvent[]> {
  return page.evaluate(() => (window as unknown as { heard: HeardEvent[] }).heard);
}

/** Waits until the page has heard an event of this name, and gives the first. */
export async function hears(page: Page, name: string): Promise<HeardEvent> {
  const found = await page.waitForFunction(
    (wanted) => (window as unknown as { heard: HeardEvent[] }).heard.find((event) => event.name === wanted),
    name,
  );
  return (await found.jsonValue())!;
}
