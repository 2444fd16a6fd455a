/** A test's command: opens a shop in a window of its own, beside the tests, and tells what its element says. */
import type { Diagnosis } from 'checkout-embed';
import type { Browser, Page } from 'playwright';
import type { BrowserCommand } from 'vitest/node';

/**
 * What is waited for before the element is asked. `script`: embed.js came, or did not. `frame`: the load of every
 * frame. `both` of them. `foreign`: embed.js, and a page that has begun to come. `ready`: the element's own word,
 * also that there will be none. `told`: it has an explanation by itself.
 */
export type Moment = 'now' | 'script' | 'frame' | 'both' | 'foreign' | 'ready' | 'told';

export interface ShopVisit {
  readonly url: string;
  readonly until: Moment;
  /** The buyer picks an item, once the frame is there. */
  readonly buys?: boolean;
  /** Answers for this origin come from the one behind it: how a page without a certificate is an https page. */
  readonly secure?: { readonly origin: string; readonly from: string };
}

export interface ShopReport {
  readonly state: string;
  readonly diagnosis: Diagnosis;
  /** Headings of the console's groups. */
  readonly explained: readonly string[];
  /** Codes of `checkout-blocked`. */
  readonly blocked: readonly string[];
  /** Directives of the page's own policy that were hurt. */
  readonly violations: readonly string[];
  /** Requests by script, to anybody, before and after the element was asked. */
  readonly requests: readonly [before: number, after: number];
  /** Neither skeleton nor panel stands before the frame. */
  readonly uncovered: boolean;
}

export const visitShop: BrowserCommand<[ShopVisit]> = async (
  { context, page: tests },
  visit,
): Promise<ShopReport> => {
  const { page, leave } = await openPage(context.browser()!, tests);
  try {
    const { secure } = visit;
    if (secure !== undefined) {
      await page.route(`${secure.origin}/**`, async (route) => {
        const answer = await fetch(route.request().url().replace(secure.origin, secure.from));
        const headers = { 'Content-Type': answer.headers.get('Content-Type') ?? '' };
        await route.fulfill({ status: answer.status, headers, body: await answer.text() });
      });
    }
    await open(page, visit.url);
    return await page.evaluate(reportOf, visit);
  } finally {
    await leave();
  }
};

/**
 * Firefox's driver may take the late error page of the visit before for this one's, and cannot say why it is one: "Address
 * rejected", once in many runs on a busy machine. A shop that is not there is another error.
 */
const MISTAKEN = /Address rejected/;

async function open(page: Page, url: string): Promise<void> {
  const go = (): Promise<unknown> => page.goto(url, { waitUntil: 'domcontentloaded' });
  await go().catch((error: unknown) => {
    if (!MISTAKEN.test(String(error))) throw error;
    return go();
  });
}

/** Runs in the shop's page: nothing from outside it is there. */
export async function reportOf({ until, buys }: ShopVisit): Promise<ShopReport> {
  interface Element extends HTMLElement {
    readonly state: string;
    readonly ready: Promise<boolean>;
    readonly frame: HTMLIFrameElement | null;
    readonly diagnosis: Diagnosis | null;
    readonly updateComplete: Promise<unknown>;
    diagnose(): Promise<Diagnosis>;
  }
  const { witness } = window as unknown as {
    witness: {
      frames: number;
      scripts: number;
      explained: string[];
      blocked: string[];
      violations: string[];
    };
  };
  await customElements.whenDefined('checkout-embed');
  const element = document.querySelector<Element>('checkout-embed')!;
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  await element.updateComplete;
  const frames = document.querySelectorAll('checkout-embed').length;
  if (until === 'script' || until === 'both' || until === 'foreign')
    while (witness.scripts === 0) await turn();
  if (until === 'frame' || until === 'both') while (witness.frames < frames) await turn();
  if (until === 'foreign') while (element.frame?.contentDocument !== null) await turn();
  if (until === 'told') while (element.diagnosis === null) await turn();
  if (until === 'ready') await element.ready;
  if (buys === true) {
    const pick = { planVersionId: 'pv_1', planItemId: 'item_1', vanity: 'works', deferred: false };
    element.frame?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutInitiated', payload: pick }, '*');
    while (element.state !== 'checkout') await turn();
    while (element.diagnosis === null) await turn();
  }
  const before = performance
    .getEntriesByType('resource')
    .filter((entry) => Reflect.get(entry, 'initiatorType') === 'fetch').length;
  // Firefox notes a request some time after its end.
  let after = before;
  const send = window.fetch.bind(window);
  window.fetch = (...request) => {
    after += 1;
    return send(...request);
  };
  const diagnosis = await element.diagnose();
  await element.updateComplete;
  return {
    state: element.state,
    diagnosis,
    explained: witness.explained,
    blocked: witness.blocked,
    violations: witness.violations,
    requests: [before, after],
    uncovered: element.shadowRoot?.querySelector('[part~="skeleton"], [part~="panel"]') === null,
  };
}

interface OpenPage {
  readonly page: Page;
  /** Leaves nothing of the visit to the next one. */
  readonly leave: () => Promise<void>;
}

/** Firefox's one tab for all visits: a window for each costs it more than the visit. */
let tab: Promise<Page> | null = null;

/** Not in the context of the tests: that one forgives certificates, and its window must stay in front. */
async function openPage(browser: Browser, tests: Page): Promise<OpenPage> {
  if (browser.browserType().name() !== 'firefox') {
    const own = await browser.newContext();
    return { page: await own.newPage(), leave: () => own.close() };
  }
  const page = await (tab ??= browser.newContext().then((own) => own.newPage()));
  return {
    page,
    leave: async () => {
      // It stays open, and only the page in front has the focus. Without it the tests that need that will say so.
      await tests.bringToFront().catch(() => undefined);
      await page.unrouteAll();
      const forget = page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
        return document.readyState === 'complete';
      });
      // A page that cannot even be asked is no better than one that hangs, and the visit has its own error to tell.
      const hasLoaded = await forget.catch(() => false);
      // What hangs would hang the next visit too.
      if (hasLoaded) return;
      tab = null;
      await page.context().close();
    },
  };
}
