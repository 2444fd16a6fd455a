/**
 * A hundred embeds on one page, against a hundred of the vendor's bare snippets. Judged over the page with its
 * frames, which is what a buyer's machine has to carry; the page alone is shown beside it. Times are the main
 * thread's own, so that what else runs on the machine counts little.
 */
import { chromium, type Browser, type CDPSession, type LaunchOptions } from 'playwright';
import type { Rounds, Say } from '../bench.js';
import { ratioFigure, type Figure } from '../report.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import { pageOf } from './pages.js';
import type { Servers } from './servers.js';

const COUNT = 100;
const ROUNDS = 10;
const VARIANTS = ['bare', 'built'] as const;

/** All of them within the view: a browser holds back what a frame outside it draws. */
const VIEWPORT = { width: 2000, height: 1600 };
const STYLE = `
  main { display: grid; grid-template-columns: repeat(10, 1fr); }
  iframe { min-height: 80px !important; max-height: 80px; }
  checkout-embed { --checkout-embed-min-height: 80px; --checkout-embed-strip-height: 40px; }`;

/** Frames of another site then share the page's process, so that one measurement sees the page and its frames. */
const ONE_PROCESS = ['--disable-site-isolation-trials', '--disable-features=IsolateOrigins,site-per-process'];

const BUDGET = { text: 'median ≤ 1.15', holds: (found: Estimate) => found.median <= 1.15 };

interface Cost {
  readonly scriptMs: number;
  readonly taskMs: number;
  readonly heapMb: number;
}

export interface HundredEmbedsOptions {
  readonly launch: LaunchOptions;
  readonly servers: Servers;
  /** The early queue, for an inline script. */
  readonly early: string;
  readonly rounds: Rounds;
  readonly say: Say;
}

export async function measureHundredEmbeds(options: HundredEmbedsOptions): Promise<Figure[]> {
  const { launch, servers, early, say } = options;
  const rounds = options.rounds(ROUNDS);
  // No distance here: how long the portal takes is not what is measured.
  const near = { ...servers, portalOrigin: servers.sandbox.portalOrigin };
  servers.servePage('/blank', '<!doctype html><title>Shop</title>');
  for (const variant of VARIANTS) {
    servers.servePage(`/hundred-${variant}`, pageOf(variant, near, early, { count: COUNT, style: STYLE }));
  }
  const measure = async (args: readonly string[], where: string): Promise<Figure[]> => {
    const browser = await chromium.launch({ ...launch, args: [...args] });
    try {
      const costs = await interleave(
        VARIANTS,
        rounds,
        (variant) => costOf(browser, servers.shopOrigin, `/hundred-${variant}`),
        (done) => done % 5 === 0 && say(`${COUNT} embeds, ${where}: ${done} of ${rounds} rounds`),
      );
      return figures(costs, where, args === ONE_PROCESS ? BUDGET : null);
    } finally {
      await browser.close();
    }
  };
  return [...(await measure(ONE_PROCESS, 'page and frames')), ...(await measure([], 'page alone'))];
}

/** Without motion: a machine without a graphics card would measure how fast it paints skeletons. */
async function costOf(browser: Browser, origin: string, path: string): Promise<Cost> {
  const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
  const page = await context.newPage();
  // Counting begins in the process that the page will have.
  await page.goto(`${origin}/blank`);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await metrics(session);
  await page.goto(`${origin}${path}`, { waitUntil: 'commit' });
  await page.evaluate((count) => window.allHeard(count), COUNT);
  // Until everything that followed is done and drawn.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(() => done(null)))),
  );
  const after = await metrics(session);
  for (let round = 0; round < 2; round += 1) await session.send('HeapProfiler.collectGarbage');
  const { heapMb } = await metrics(session);
  await context.close();
  return { scriptMs: after.scriptMs - before.scriptMs, taskMs: after.taskMs - before.taskMs, heapMb };
}

async function metrics(session: CDPSession): Promise<Cost> {
  const { metrics: list } = await session.send('Performance.getMetrics');
  const value = (name: string): number => list.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    scriptMs: value('ScriptDuration') * 1000,
    taskMs: value('TaskDuration') * 1000,
    heapMb: value('JSHeapUsedSize') / 1e6,
  };
}

function figures(
  { built, bare }: Readonly<Record<(typeof VARIANTS)[number], readonly Cost[]>>,
  where: string,
  budget: typeof BUDGET | null,
): Figure[] {
  const one = (name: string, key: keyof Cost, unit: string, judged: boolean): Figure => {
    const [over, under] = [built, bare].map((costs) => costs.map((cost) => cost[key])) as [
      number[],
      number[],
    ];
    const note = `${median(over).toFixed(1)} ${unit} against ${median(under).toFixed(1)} ${unit}, ${bare.length} pairs`;
    return ratioFigure(
      `${COUNT} embeds, ${where}: ${name}`,
      estimate(ratios(over, under)),
      judged ? budget : null,
      note,
    );
  };
  return [
    one('script time', 'scriptMs', 'ms', true),
    one('main thread', 'taskMs', 'ms', false),
    one('heap', 'heapMb', 'MB', true),
  ];
}
