/** What stands around the element in real pages: translators, old libraries, consent tools, layouts that shrink what is in them. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { StatusAnswer } from 'checkout-embed';
import {
  eventually,
  hushed,
  isInView,
  judged,
  mount,
  part,
  PICK,
  PORTAL,
  reach,
  say,
  timesAsked,
} from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  document.documentElement.lang = 'en';
  vi.restoreAllMocks();
});

describe('a page that the browser translates', () => {
  it('leaves a checkout that goes on where it is, and speaks its language', async () => {
    const plan = `translated-${crypto.randomUUID()}`;
    const element = await mount(`portal="${PORTAL}" plan="${plan}" target="inline"`, '<p>One moment</p>');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    document.documentElement.lang = 'da';
    element.append(document.createElement('b'));
    element.messages = {};
    await element.updateComplete;
    await judged();
    expect([element.state, await timesAsked(plan)]).toEqual(['checkout', 1]);
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    expect(part(element, 'status')?.textContent).toContain('Tak');
  });

  it('loads plans that are only looked at in the new language', async () => {
    const plan = `translated-${crypto.randomUUID()}`;
    const element = await mount(`portal="${PORTAL}" plan="${plan}" target="inline"`);
    await reach(element, 'ready');
    element.lang = 'da';
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect([new URL(element.frame!.src).searchParams.get('lang'), await timesAsked(plan)]).toEqual(['da', 2]);
  });

  it('is told of every state, though a node of the translator stands where a text was', async () => {
    const element = await mount('target="inline"');
    let answer: Pick<StatusAnswer, 'status'> = { status: 'processing' };
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    const walker = document.createTreeWalker(part(element, 'status')!, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
      if (text.textContent === '') continue;
      const own = document.createElement('b');
      (text as Text).replaceWith(own);
      own.append('Wir bestätigen');
      break;
    }
    answer = { status: 'fulfilled' };
    await reach(element, 'settled');
    expect(part(element, 'status')?.textContent).toContain('all set');
  });
});

it('a library of old that puts a `remove` of its own in place, which wants a parent, leaves the frame alone', async () => {
  const remove = vi.spyOn(HTMLElement.prototype, 'remove').mockImplementation(function (this: HTMLElement) {
    this.parentNode!.removeChild(this);
  });
  const element = await mount('target="inline"');
  await reach(element, 'ready');
  element.close();
  element.retry();
  await reach(element, 'ready');
  remove.mockRestore();
});

it('a consent tool’s button stands in the slot of `blocked`, and leads to the plans', async () => {
  const element = await mount(
    '',
    `<button slot="blocked">Accept</button><iframe data-src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`,
  );
  await reach(element, 'blocked');
  const button = element.querySelector('button')!;
  const { left, top } = button.getBoundingClientRect();
  expect(document.elementFromPoint(left + 2, top + 2)).toBe(button);
  const frame = element.querySelector('iframe')!;
  frame.src = frame.dataset['src']!;
  await reach(element, 'ready');
  expect([isInView(element), button.checkVisibility()]).toEqual([true, false]);
});

describe('a script of the vendor’s that the page has', () => {
  it.each([
    ['that waits for consent is not waited for', { type: 'text/plain' }, 2],
    ['that is for other browsers is not waited for', { noModule: true }, 2],
    ['as old pages write it is the one', { type: 'application/javascript' }, 1],
    ['in capital letters is the one', { type: 'text/JavaScript' }, 1],
  ])('%s', async (_, kind, scripts) => {
    // Another address of the same file, that nobody has loaded yet.
    const path = `/embed.js?${crypto.randomUUID()}`;
    const script = Object.assign(document.createElement('script'), kind, { src: `${PORTAL}${path}` });
    document.head.append(script);
    const own = vi.spyOn(document, 'scripts', 'get');
    own.mockReturnValue([script] as unknown as HTMLCollectionOf<HTMLScriptElement>);
    const element = await mount(`target="inline" embed-script="${PORTAL}${path}"`);
    await element.updateComplete;
    await judged();
    await eventually(() =>
      expect(document.head.querySelectorAll(`script[src="${PORTAL}${path}"]`)).toHaveLength(scripts),
    );
    script.remove();
    element.remove();
  });
});

describe('a place that asks how wide the element would like to be', () => {
  it.each([
    ['a flex row', 'display: flex'],
    ['what floats', 'float: left'],
    ['a line of text', 'display: inline-block'],
    ['a grid that centers', 'display: grid; place-items: center'],
  ])('gives it room: %s', async (_, style) => {
    const place = await fixture<HTMLElement>(`<div style="${style}"></div>`);
    const element = await mount('target="inline"');
    place.append(element);
    await reach(element, 'ready');
    const { width, height } = element.getBoundingClientRect();
    expect(width).toBeGreaterThan(Math.min(300, innerWidth * 0.8));
    expect(height).toBeLessThan(1500);
  });

  it.each([
    ['a grid of two columns alike', 'display: grid; grid-template-columns: 1fr 1fr', 150],
    ['a grid of one column', 'display: grid', 300],
    ['a flex row with another beside it', 'display: flex', 200],
    ['a flex column', 'display: flex; flex-direction: column; align-items: start', 300],
    ['a table', 'display: table', 300],
    ['what floats', 'float: left', 300],
  ])('is given no more than it has: %s', async (_, style, wide) => {
    const outer = await fixture<HTMLElement>(
      `<div style="width: 300px"><div style="${style}"><p style="margin: 0; min-width: 100px"></p></div></div>`,
    );
    const element = await mount('target="inline"');
    outer.firstElementChild?.append(element);
    await reach(element, 'ready');
    expect(element.getBoundingClientRect().width).toBe(wide);
    expect(outer.scrollWidth).toBe(300);
  });

  it.each(['block', 'flex', 'grid'])(
    'is no matter where the page makes the element itself display: %s',
    async (display) => {
      const outer = await fixture<HTMLElement>('<div style="width: 300px"></div>');
      const element = await mount('target="inline"');
      element.style.cssText = `display: ${display}; flex-direction: column; gap: 20px`;
      outer.append(element);
      await reach(element, 'ready');
      const base = part(element, 'base')!.getBoundingClientRect();
      const { width, height, top } = element.getBoundingClientRect();
      expect([base.width, base.height, base.top]).toEqual([width, height, top]);
      expect(width).toBe(300);
      element.style.flexDirection = 'row';
      expect(part(element, 'base')!.getBoundingClientRect().width).toBe(300);
    },
  );

  it('is wide enough for the wide strip, where there is room', async () => {
    const { innerWidth: wide, innerHeight: high } = window;
    await page.viewport(1000, 800);
    const place = await fixture<HTMLElement>('<div style="width: 900px; display: flex"></div>');
    const element = await mount('target="inline"');
    place.append(element);
    await reach(element, 'ready');
    expect(element.getBoundingClientRect().width).toBe(576);
    // The narrow one is 80 px high.
    expect(part(element, 'strip')!.getBoundingClientRect().height).toBe(56);
    await page.viewport(wide, high);
  });
});

it('styles of the page for all frames hide none of ours, nor make it narrow', async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('iframe { display: none; width: 50px; height: auto }');
  document.adoptedStyleSheets.push(sheet);
  const element = await mount('target="inline"');
  await reach(element, 'ready');
  const { width } = element.frame!.getBoundingClientRect();
  expect([isInView(element), width]).toEqual([true, part(element, 'frame-area')!.clientWidth]);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
});
