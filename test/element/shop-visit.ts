/** Shops for the tests of the diagnosis: what stands in them, and a visit by a window of its own. */
import { inject } from 'vitest';
import { commands } from 'vitest/browser';
import type { Moment, ShopReport, ShopVisit } from '../support/visit-shop.js';

declare module 'vitest/browser' {
  interface BrowserCommands {
    readonly visitShop: (visit: ShopVisit) => Promise<ShopReport>;
  }
}

export interface Visit {
  /** The body. */
  readonly page: string;
  readonly head?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly until: Moment;
  /** By https. */
  readonly secure?: boolean;
  readonly buys?: boolean;
}

/** Deadlines that a test never meets. */
export const FOREVER = 'slow-after="60000" timeout="60000" retries="0"';

const SECURE = 'https://shop.test';
const { portal, shop } = inject('faults');

/** An element whose portal has this fault. */
export const plan = (name: string, more = FOREVER, origin = portal): string =>
  `<checkout-embed portal="${origin}" plan="${name}" ${more}></checkout-embed>`;

/** An element with an embed.js of its own. */
export const script = (path: string, more = FOREVER): string =>
  plan('works', `embed-script="${portal}${path}" ${more}`);
/** What a strict page needs, but for one line. */
export const strict = (lines: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': Object.entries({
    'default-src': "'none'",
    'script-src': `'self' ${portal}`,
    'frame-src': portal,
    'connect-src': `'self' ${portal}`,
    ...lines,
  })
    .map((line) => line.join(' '))
    .join('; '),
});

export function visit({
  page,
  until,
  headers = {},
  head = '',
  secure,
  buys = false,
}: Visit): Promise<ShopReport> {
  const query = new URLSearchParams({ headers: JSON.stringify(headers), head, body: page });
  const url = `${secure === true ? SECURE : shop}/shop/?${query}`;
  return commands.visitShop({
    url,
    until,
    buys,
    ...(secure === true && { secure: { origin: SECURE, from: shop } }),
  });
}
