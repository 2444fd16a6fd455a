/** Nothing below a checkout moves, whatever happens in it. Chromium alone tells of layout shifts. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands, server } from 'vitest/browser';
import { fixture } from '@open-wc/testing';
import { CheckoutEmbed, type CheckoutState } from 'checkout-embed';
import type { OrderStatus } from 'checkout-embed/core';
import { SHIFT_PATHS, type ShiftPath, type Step } from '../bench/element/shift-paths.js';
import { blockIn } from '../support/readme-blocks.js';
import { eventually, hushed, mount, PORTAL, reach, say } from './support.js';

const here = location.href;
const HEIGHTS = 'checkout-embed:heights';

interface Way extends ShiftPath {
  /** Of the page's address, as the vendor's redirect leaves it. */
  readonly query?: string;
}

/** Ways that begin with what has no frame: all there is to see is there from the start. */
const FRAMELESS: readonly Way[] = [
  {
    name: 'back, bought',
    attributes: 'plan="pro-plan" target="inline"',
    query: '?subscriptionId=sub_1',
    steps: [{ to: 'confirmed' }, { answer: 'fulfilled', to: 'settled' }],
  },
  {
    name: 'back, with a link in the inbox',
    attributes: 'plan="pro-plan" target="inline" slow-after="60000" timeout="60000"',
    query: '?checkout=pending',
    steps: [{ to: 'pending' }, { call: 'reset', to: 'ready' }],
  },
  {
    name: 'named by a wrong attribute',
    attributes: 'plan="pro/plan" target="inline"',
    steps: [{ to: 'blocked' }],
  },
];

const WAYS: readonly Way[] = [...SHIFT_PATHS, ...FRAMELESS];

/** What is left of a phone of 320 px between the page's own margins. */
const NARROW = '272px';

/** What is said beside the frame. In its place, twice the text may need more than the frame. */
const NOTES: readonly CheckoutState[] = ['pending', 'error', 'slow', 'away'];

beforeEach(() => {
  hushed();
  // Other files of tests have frames of their own heights.
  localStorage.removeItem(HEIGHTS);
});
afterEach(() => {
  document.documentElement.style.fontSize = '';
  history.replaceState(null, '', here);
  localStorage.removeItem(HEIGHTS);
  vi.restoreAllMocks();
});

/** The checkout with the page's own words below. */
async function pageWith(attributes: string, content = '', width = '100%'): Promise<CheckoutEmbed> {
  const page = await fixture<HTMLElement>(
    `<main style="width: ${width}"><checkout-embed portal="${PORTAL}" ${attributes}>${content}</checkout-embed><p>Below</p></main>`,
  );
  return page.querySelector('checkout-embed')!;
}

function offsetBelow(element: CheckoutEmbed): number {
  return (element.nextElementSibling as HTMLElement).offsetTop;
}

async function go(element: CheckoutEmbed, step: Step): Promise<void> {
  if ('say' in step) say(element, step.say, step.payload);
  if ('answer' in step) element.getStatus = () => Promise.resolve({ status: step.answer as OrderStatus });
  if ('call' in step) element[step.call]();
  if ('offline' in step) {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(!step.offline);
    window.dispatchEvent(new Event(step.offline ? 'offline' : 'online'));
  }
  await reach(element, step.to);
}

/** While nobody is there no deadline of an element runs. */
function attend(isThere: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(isThere ? 'visible' : 'hidden');
  document.dispatchEvent(new Event('visibilitychange'));
}

/** What an element of this width takes while its frame is on its way. */
async function roomOf(width: string): Promise<number> {
  const element = await pageWith('plan="hang" target="inline"', '', width);
  const { offsetHeight } = element;
  element.parentElement?.remove();
  return offsetHeight;
}

/** None, or the path as far as something is said beside the frame. */
function toItsNote(path: ShiftPath): ShiftPath[] {
  const note = path.steps.findIndex(({ to }) => NOTES.includes(to));
  return note === -1 ? [] : [{ ...path, steps: path.steps.slice(0, note + 1) }];
}

/** Two frames. */
async function painted(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** All shifts of this page, also those right after an input: a buyer does not forgive them either. */
function countShifts(): () => Promise<number> {
  let sum = 0;
  const add = (entries: PerformanceEntryList): void => {
    for (const entry of entries) sum += (entry as PerformanceEntry & { value: number }).value;
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: 'layout-shift' });
  return async () => {
    // Shifts are told of after that.
    await painted();
    add(observer.takeRecords());
    observer.disconnect();
    return sum;
  };
}

if (server.browser === 'chromium')
  describe('nothing moves', () => {
    // Of such a phone, of one of 360 px, and of a tablet.
    const ways = [NARROW, '328px', '700px']
      .flatMap((width) => WAYS.map((path) => ({ width, path })))
      // The browser tells of the first refusal of a page alone; the others come at a deadline.
      .filter(({ width, path }) => width === NARROW || !path.attributes.includes('refuse'));
    // Text as large as a reader may have it, or as small as a page that counts in tenths makes it.
    const sized = ['200%', '150%', '62.5%'].flatMap((size) =>
      ['300px', '700px'].flatMap((width) =>
        SHIFT_PATHS.flatMap(toItsNote).map((path: Way) => ({ size, width, path })),
      ),
    );

    it.each([...ways.map((way) => ({ ...way, size: '100%' })), ...sized])(
      'when a checkout is $path.name, $width wide, with text of $size',
      async ({ width, path, size }) => {
        document.documentElement.style.fontSize = size;
        const room = await roomOf(width);
        history.replaceState(null, '', path.query ?? here);
        const shifted = countShifts();
        // A page may take longer to be painted than the element waits for its frame.
        attend(false);
        const element = await pageWith(path.attributes, path.content?.replaceAll('{portal}', PORTAL), width);
        const before = offsetBelow(element);
        // What comes up with nothing to wait for moves nothing, and may be of another height all the same.
        expect(element.offsetHeight).toBe(room);
        attend(true);
        for (const step of path.steps) {
          await go(element, step);
          expect(offsetBelow(element), `below ${step.to}`).toBe(before);
          // A text that takes another's place counts as moved, once both were painted.
          if (width === NARROW) await painted();
        }
        attend(false);
        expect(await shifted()).toBe(0);
      },
    );
  });

describe('until the script has come', () => {
  const frame = `<iframe src="${PORTAL}/embed/pro-plan" style="width: 100%; border: 0; min-height: 480px"></iframe>`;
  // On either side of where a note needs another line, and as wide as in the pages above.
  const ways = [272, 322, 323, 328, 561, 562, 700].flatMap((width) => [
    { width, how: 'built', content: '', percent: 100 },
    { width, how: 'pasted', content: frame, percent: 100 },
    // The same lines of text, and as much as they hold.
    { width, how: 'built', content: '', percent: 200 },
    { width: width * 2 - 2, how: 'built', content: '', percent: 200 },
    { width, how: 'built', content: '', percent: 62.5 },
  ]);

  it.each(ways)(
    'the README’s rules keep the room of one that is $how, $width px wide, at $percent %',
    async (way) => {
      const { width, how, content, percent } = way;
      const tag = `late-${how}-${width}-${String(percent).replace('.', '')}`;
      document.documentElement.style.fontSize = `${percent}%`;
      const rules = blockIn(await commands.readFile('README.md'), 'room');
      const page = await fixture<HTMLElement>(`<main style="width: ${width}px"></main>`);
      // In one task: a pasted frame that speaks before there is an element is another matter.
      page.innerHTML = `<style>${rules.replaceAll('checkout-embed', tag)}</style>
      <${tag} portal="${PORTAL}" plan="pro-plan" target="inline" slow-after="60000" timeout="60000">${content}<p slot="closed">Mine</p></${tag}>
      <p>Below</p>`;
      const element = page.querySelector<CheckoutEmbed>(tag)!;
      const before = offsetBelow(element);
      CheckoutEmbed.define(tag);
      await element.updateComplete;
      expect(offsetBelow(element)).toBe(before);
      await reach(element, 'ready');
      expect(offsetBelow(element)).toBe(before);
    },
  );
});

describe('the height of a frame', () => {
  it.each([
    ['a rule for all frames', 'iframe { min-height: 0; height: auto; max-width: 100% }', ''],
    ['a rule for its own', 'checkout-embed iframe { min-height: 26rem }', ''],
    ['its own style', '', 'style="min-height: 480px"'],
  ])('is no less than its room, whatever %s says', async (_, rules, style) => {
    const page = await fixture<HTMLElement>(
      `<main><style>${rules}</style><checkout-embed slow-after="60000" timeout="60000">
        <iframe src="${PORTAL}/embed/pro-plan" ${style}></iframe></checkout-embed></main>`,
    );
    const element = page.querySelector('checkout-embed')!;
    await element.updateComplete;
    expect(element.frame?.offsetHeight).toBe(560);
  });

  it('is kept for its next visit, so that nothing below moves then', async () => {
    const first = await mount('target="inline"');
    await reach(first, 'ready');
    first.frame!.style.height = '911px';
    await eventually(() => expect(localStorage.getItem(HEIGHTS)).toContain('911'));
    first.remove();
    const next = await pageWith('plan="pro-plan" target="inline"');
    await next.updateComplete;
    const reserved = offsetBelow(next);
    expect(reserved).toBeGreaterThan(911);
    await reach(next, 'ready');
    next.frame!.style.height = '911px';
    expect(offsetBelow(next)).toBe(reserved);
  });

  it('is kept for each item by itself', async () => {
    const item = await mount(`portal="${PORTAL}" plan="pro-plan" item="item_1" target="inline"`);
    await reach(item, 'checkout');
    item.frame!.style.height = '1311px';
    await eventually(() => expect(localStorage.getItem(HEIGHTS)).toContain('1311'));
    item.remove();
    const cards = await pageWith('plan="pro-plan" target="inline"');
    await cards.updateComplete;
    expect(offsetBelow(cards)).toBeLessThan(1000);
  });

  it.each(['not json', '[]', 'null', '{"x":"y"}'])(
    'is the default where the storage holds %s',
    async (kept) => {
      localStorage.setItem(HEIGHTS, kept);
      const element = await mount();
      expect(element.offsetHeight).toBeLessThan(700);
      expect(element.offsetHeight).toBeGreaterThan(560);
    },
  );
});
