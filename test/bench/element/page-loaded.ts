/** From the navigation to the vendor's `pageLoaded`, against the vendor's bare snippet. */
import type { Browser, BrowserContext } from 'playwright';
import { ratioFigure, type Figure } from '../report.js';
import type { Say } from '../run.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import { pageOf, VARIANTS, type Variant } from './pages.js';
import { LATENCY_MS, type Servers } from './servers.js';

const ROUNDS = 60;
const COLD_ROUNDS = 20;
/** Visits until the browser holds the script and its compiled code. */
const WARM_UP = 3;

const BUILT = { text: 'median ≤ 1.02', holds: (found: Estimate) => found.median <= 1.02 };
const ADOPTED = { text: 'interval from ≤ 1', holds: (found: Estimate) => found.low <= 1 };

type Times = Readonly<Record<Variant, readonly number[]>>;

export async function measurePageLoaded(
  browser: Browser,
  servers: Servers,
  early: string,
  say: Say,
): Promise<Figure[]> {
  for (const variant of VARIANTS) servers.servePage(`/${variant}`, pageOf(variant, servers, early));
  const url = (variant: Variant): string => `${servers.shopOrigin}/${variant}`;

  const context = await browser.newContext();
  for (let visit = 0; visit < WARM_UP; visit += 1) {
    for (const variant of VARIANTS) await visitOnce(context, url(variant));
  }
  const before = servers.scriptRequests();
  const cached = await interleave(
    VARIANTS,
    ROUNDS,
    (variant) => visitOnce(context, url(variant)),
    (done) => done % 20 === 0 && say(`pageLoaded, script cached: ${done} of ${ROUNDS} rounds`),
  );
  if (servers.scriptRequests() !== before) throw new Error('the script was fetched again: it was not cached');
  await context.close();

  const cold = await interleave(
    VARIANTS,
    COLD_ROUNDS,
    async (variant) => {
      const fresh = await browser.newContext();
      const time = await visitOnce(fresh, url(variant));
      await fresh.close();
      return time;
    },
    (done) => done % 10 === 0 && say(`pageLoaded, nothing cached: ${done} of ${COLD_ROUNDS} rounds`),
  );
  return [
    figure('pageLoaded, built ÷ bare, script cached', 'built', cached, BUILT),
    figure('pageLoaded, adopted ÷ bare, script cached', 'adopted', cached, ADOPTED),
    figure('pageLoaded, built ÷ bare, nothing cached', 'built', cold, null),
    figure('pageLoaded, adopted ÷ bare, nothing cached', 'adopted', cold, ADOPTED),
  ];
}

/** One tab, one navigation. */
async function visitOnce(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  const time = await page.evaluate(() => window.allHeard(1));
  await page.close();
  return time;
}

function figure(name: string, variant: Variant, times: Times, budget: typeof BUILT | null): Figure {
  const found = estimate(ratios(times[variant], times.bare));
  const ms = (values: readonly number[]): string => `${median(values).toFixed(1)} ms`;
  const note =
    `${ms(times[variant])} against ${ms(times.bare)}, ${times.bare.length} pairs; ` +
    `shop ${LATENCY_MS.shop} ms, portal ${LATENCY_MS.portal} ms away`;
  return ratioFigure(name, found, budget, note);
}
