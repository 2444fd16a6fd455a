/**
 * From the navigation to the vendor's `pageLoaded`, against the vendor's bare snippet. Judged with the script in
 * the browser's cache: it is one file for the whole shop, and a buyer comes to the plans from another page of it.
 * With nothing cached a frame that a script makes waits for that script: `least` shows how long at least.
 * Cached visits are made in one tab: a new one, which the others cannot do without, keeps both cores of a small machine
 * busy with the browser's own pages for half a second.
 */
import type { Browser, Page } from 'playwright';
import type { Rounds, Say } from '../bench.js';
import { ratioFigure, type Figure } from '../report.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import { pageOf, VARIANTS, type Variant } from './pages.js';
import { LATENCY_MS, type Servers } from './servers.js';

/** In sixty, two like pages differ by up to two hundredths, which is the budget. */
const ROUNDS = 240;
const COLD_ROUNDS = 20;
/** Visits until the browser holds the script and its compiled code. */
const WARM_UP = 3;

const BUILT = { text: 'median ≤ 1.02', holds: (found: Estimate) => found.median <= 1.02 };
const ADOPTED = { text: 'interval from ≤ 1', holds: (found: Estimate) => found.low <= 1 };

type Times = Readonly<Record<Variant, readonly number[]>>;

export interface PageLoadedOptions {
  readonly browser: Browser;
  readonly servers: Servers;
  /** The early queue, for an inline script. */
  readonly early: string;
  readonly rounds: Rounds;
  readonly say: Say;
}

export async function measurePageLoaded(options: PageLoadedOptions): Promise<Figure[]> {
  const { browser, servers, early, rounds, say } = options;
  const [cachedRounds, coldRounds] = [rounds(ROUNDS), rounds(COLD_ROUNDS)];
  for (const variant of VARIANTS) servers.servePage(`/${variant}`, pageOf(variant, servers, early));
  const url = (variant: Variant): string => `${servers.shopOrigin}/${variant}`;

  const context = await browser.newContext();
  servers.servePage('/', '<!doctype html><title>Shop</title>');
  const tab = await context.newPage();
  const visit = async (variant: Variant, until?: 'networkidle'): Promise<number> => {
    await tab.goto(servers.shopOrigin);
    return timeOf(tab, url(variant), until);
  };
  for (let round = 0; round < WARM_UP; round += 1) {
    for (const variant of VARIANTS) await visit(variant, 'networkidle');
  }
  const asked = servers.scriptRequests();
  const cached = await interleave(
    VARIANTS,
    cachedRounds,
    (variant) => visit(variant),
    (done) => done % 20 === 0 && say(`pageLoaded, script cached: ${done} of ${cachedRounds} rounds`),
  );
  if (servers.scriptRequests() !== asked) throw new Error('the script was fetched again: it was not cached');
  await context.close();

  const cold = await interleave(
    VARIANTS,
    coldRounds,
    async (variant) => {
      const fresh = await browser.newContext();
      const time = await timeOf(await fresh.newPage(), url(variant));
      await fresh.close();
      return time;
    },
    (done) => done % 10 === 0 && say(`pageLoaded, nothing cached: ${done} of ${coldRounds} rounds`),
  );
  return [
    figure('pageLoaded, built ÷ bare, script cached', 'built', cached, BUILT),
    figure('pageLoaded, adopted ÷ bare, script cached', 'adopted', cached, ADOPTED),
    figure('pageLoaded, least script ÷ bare, script cached', 'least', cached, null),
    figure('pageLoaded, built ÷ least script, script cached', 'built', cached, null, 'least'),
    figure('pageLoaded, bare ÷ bare, script cached', 'again', cached, null),
    figure('pageLoaded, built ÷ bare, nothing cached', 'built', cold, null),
    figure('pageLoaded, adopted ÷ bare, nothing cached', 'adopted', cold, ADOPTED),
    figure('pageLoaded, least script ÷ bare, nothing cached', 'least', cold, null),
  ];
}

/** One navigation. @param until When the tab may go on: a file that comes late must get into the cache once. */
async function timeOf(page: Page, url: string, until: 'commit' | 'networkidle' = 'commit'): Promise<number> {
  await page.goto(url, { waitUntil: until });
  return page.evaluate(() => window.allHeard(1));
}

function figure(
  name: string,
  over: Variant,
  times: Times,
  budget: typeof BUILT | null,
  under: Variant = 'bare',
): Figure {
  const found = estimate(ratios(times[over], times[under]));
  const ms = (values: readonly number[]): string => `${median(values).toFixed(1)} ms`;
  const note =
    `${ms(times[over])} against ${ms(times[under])}, ${times[under].length} pairs; ` +
    `shop ${LATENCY_MS.shop} ms, portal ${LATENCY_MS.portal} ms away`;
  return ratioFigure(name, found, budget, note);
}
