/** What the element moves in the page around it, on every path through its states. */
import type { Browser, Page } from 'playwright';
import { startPortalStub } from '../../support/portal-stub.js';
import { readmeBlock } from '../../support/readme.js';
import type { Say } from '../bench.js';
import type { Figure } from '../report.js';
import type { Servers } from './servers.js';
import { SHIFT_PATHS, type ShiftPath, type Step } from './shift-paths.js';

const VIEWPORTS = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
] as const;

/** Shifts right after a click count too: the browser forgives them, a buyer does not. */
const RECORDER = `<script>
  let shifted = 0;
  const count = (entries) => entries.forEach(({ value }) => (shifted += value));
  const observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  window.shiftSoFar = () => { count(observer.takeRecords()); return shifted; };
  window.states = [];
  addEventListener('checkout-statechange', ({ to }) => states.push(to));
</script>`;

/** Painted no earlier than the element is there: what is counted then is the element's own doing. */
const SCRIPT = '<script type="module" blocking="render" src="/checkout-embed.js"></script>';

declare global {
  interface Window {
    shiftSoFar: () => number;
    /** Those it came to and nobody has waited for yet. */
    states: string[];
    /** What the backend says when it is asked. */
    backendSays: string;
  }
}

interface Shift {
  readonly where: string;
  readonly sum: number;
}

export async function measureLayoutShift(browser: Browser, servers: Servers, say: Say): Promise<Figure[]> {
  const stub = await startPortalStub();
  try {
    const shifts: Shift[] = [];
    for (const viewport of VIEWPORTS) {
      for (const path of SHIFT_PATHS) {
        const page = await (await browser.newContext({ viewport })).newPage();
        const sum = await walk(page, path, servers, stub.origin);
        shifts.push({ where: `${path.name}, ${viewport.width} px`, sum });
        await page.context().close();
      }
      say(`layout shift: ${SHIFT_PATHS.length} paths at ${viewport.width} px`);
    }
    const late = await lateScript(browser, servers, stub.origin);
    return [
      figure('layout shift, every path', shifts, 0),
      figure('layout shift, script after the first paint', late, null),
    ];
  } finally {
    await stub.close();
  }
}

async function walk(page: Page, path: ShiftPath, servers: Servers, portal: string): Promise<number> {
  servers.servePage('/shift', shop(`${RECORDER}${SCRIPT}`, portal, path));
  await page.goto(`${servers.shopOrigin}/shift`, { waitUntil: 'commit' });
  await page.evaluate(async () => {
    await customElements.whenDefined('checkout-embed');
    window.backendSays = 'open';
    const element = document.querySelector('checkout-embed');
    if (element !== null) element.getStatus = () => Promise.resolve({ status: window.backendSays as 'open' });
  });
  for (const step of path.steps) {
    await take(page, step, portal);
    await arrive(page, step.to, path.name);
  }
  return page.evaluate(() => window.shiftSoFar());
}

async function take(page: Page, step: Step, portal: string): Promise<void> {
  if ('offline' in step) await page.context().setOffline(step.offline);
  else if ('answer' in step) await page.evaluate((status) => void (window.backendSays = status), step.answer);
  else if ('call' in step) {
    await page.evaluate((method) => document.querySelector('checkout-embed')?.[method](), step.call);
  } else if ('say' in step) {
    const words = { stub: 'say', type: step.say, payload: step.payload ?? {} };
    await page.evaluate(
      ([said, to]) => document.querySelector('iframe')?.contentWindow?.postMessage(said, to),
      [words, portal] as const,
    );
  }
}

/** In the state, drawn, and everything that moved by it reported. */
async function arrive(page: Page, state: string, path: string): Promise<void> {
  const wait = page.evaluate(async (wanted) => {
    while (!window.states.includes(wanted)) {
      await new Promise((done) => addEventListener('checkout-statechange', done, { once: true }));
    }
    window.states.splice(0, window.states.indexOf(wanted) + 1);
    await document.querySelector('checkout-embed')?.updateComplete;
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  }, state);
  const deadline = new AbortController();
  const tooLate = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`${path}: never came to ${state}`)), 30_000);
    deadline.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  await Promise.race([wait, tooLate]).finally(() => deadline.abort());
}

/** The page is painted, and only then the script comes: only the page itself can keep room until then. */
async function lateScript(browser: Browser, servers: Servers, portal: string): Promise<Shift[]> {
  const attributes = 'plan="pro-plan" slow-after="60000" timeout="60000"';
  const frame = `<iframe src="${portal}/embed/pro-plan" style="width: 100%; border: 0; min-height: 480px"></iframe>`;
  const shifts: Shift[] = [];
  const keptRoom = `<style>${await readmeBlock('room')}</style>`;
  const cases = [
    ['built', '', ''],
    ['adopted', frame, ''],
    ['built, page keeps room', '', keptRoom],
    ['adopted, page keeps room', frame, keptRoom],
  ] as const;
  for (const viewport of VIEWPORTS) {
    for (const [how, content, head] of cases) {
      const where = `${how}, ${viewport.width} px`;
      servers.servePage('/late', shop(RECORDER + head, portal, { attributes, content }));
      const context = await browser.newContext({ viewport });
      const page = await context.newPage();
      await page.goto(`${servers.shopOrigin}/late`);
      await page.evaluate(async () => {
        for (let painted = 0; painted < 3; painted += 1) await new Promise(requestAnimationFrame);
      });
      await page.addScriptTag({ type: 'module', url: '/checkout-embed.js' });
      await arrive(page, 'ready', `late script, ${where}`);
      shifts.push({ where, sum: await page.evaluate(() => window.shiftSoFar()) });
      await context.close();
    }
  }
  return shifts;
}

function shop(head: string, portal: string, path: Pick<ShiftPath, 'attributes' | 'content'>): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
    <meta name="viewport" content="width=device-width">${head}</head><body><h1>Plans</h1>
    <checkout-embed portal="${portal}" ${path.attributes}>${path.content ?? ''}</checkout-embed>
    <p>Fine print below the checkout.</p></body></html>`;
}

function figure(name: string, shifts: readonly Shift[], budget: number | null): Figure {
  const moved = shifts.filter(({ sum }) => sum > 0);
  const value = shifts.reduce((total, { sum }) => total + sum, 0);
  const list = moved.map(({ where, sum }) => `${where} ${sum.toPrecision(2)}`).join('; ');
  return {
    name,
    value,
    interval: null,
    budget: budget === null ? null : `sum = ${budget}`,
    within: budget === null ? null : value <= budget,
    note: `${shifts.length} pages, ${moved.length === 0 ? 'nothing moved' : list}`,
  };
}
