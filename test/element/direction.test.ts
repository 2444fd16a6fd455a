/** Words of one language on a page of another: at the page's side, in their own order, and named for screen readers. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckoutRedirect } from 'checkout-embed/redirect';
import { play, SCENES, STATES } from './scenes.js';
import { hushed, part } from './support.js';

/** What is said beside the frame, with something to press or without. */
const NOTES = ['slow', 'away', 'error', 'pending'] as const;
/** More than the space between two things, in pixels. */
const NEAR_PX = 20;

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('English on a page from right to left', () => {
  it.each(NOTES)('stands by its icon in `%s`, with what is pressed at the other end', async (state) => {
    const element = await play(state, SCENES[state]);
    element.dir = 'rtl';
    element.style.width = '700px';
    const icon = part(element, 'icon')!.getBoundingClientRect();
    const words = boxOf(part(element, 'message'));
    expect(icon.left - words.right).toBeGreaterThan(0);
    expect(icon.left - words.right).toBeLessThan(NEAR_PX);
    const pressed = part(element, 'button') ?? part(element, 'link');
    if (pressed !== null) expect(pressed.getBoundingClientRect().right).toBeLessThan(words.left);
  });

  it.each(NOTES)('keeps its full stops behind its sentences in `%s`', async (state) => {
    const element = await play(state, SCENES[state]);
    element.dir = 'rtl';
    element.style.width = '700px';
    const heading = part(element, 'heading')?.lastChild as Text;
    expect(heading.data).toBe('.');
    expect(boxOf(heading).left).toBeGreaterThanOrEqual(boxOf(heading.previousSibling).right - 1);
  });
});

describe('on a page whose language we do not speak', () => {
  it.each(STATES)('%s says that its words are English', async (state, scene) => {
    const element = await play(state, { ...scene, attributes: `${scene.attributes} lang="ar"` });
    expect(textsOf(element).filter((text) => languageOf(text) !== 'en')).toEqual([]);
  });

  it('the page’s own words are of its language, and ours beside them English', async () => {
    const element = await play('blocked', {
      ...SCENES.blocked,
      attributes: `${SCENES.blocked.attributes} lang="ar"`,
    });
    element.messages = { blocked: ['تعذر العرض', 'حاول مرة أخرى.'], retry: 'أعد المحاولة' };
    await element.updateComplete;
    const languages = ['heading', 'message', 'button', 'status', 'link'].map((name) => {
      const [text] = textsOf(part(element, name) ?? element);
      return text && languageOf(text);
    });
    expect(languages).toEqual([undefined, undefined, undefined, undefined, 'en']);
  });

  it('a checkout that leaves the page says it of its button', async () => {
    const element = await fixture<CheckoutRedirect>(
      '<checkout-redirect handoff-url="/checkout" lang="ar"></checkout-redirect>',
    );
    const texts = textsOf(element);
    expect(texts.map(({ data }) => data.trim())).toEqual(['Continue to payment']);
    expect(texts.map(languageOf)).toEqual(['en']);
  });
});

it.each(['en-GB', 'da'])('a page in %s is told nothing of our words', async (lang) => {
  const element = await play('closed', {
    ...SCENES.closed,
    attributes: `${SCENES.closed.attributes} lang="${lang}"`,
  });
  expect(textsOf(element)).not.toEqual([]);
  expect(textsOf(element).map(languageOf)).toEqual(textsOf(element).map(() => undefined));
});

/** Without the portal's name, which is of no language. */
function textsOf(element: Element): Text[] {
  const root = element.shadowRoot ?? element;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node as Text;
    if (text.data.trim() !== '' && text.parentElement?.closest('.quiet, style') === null) texts.push(text);
  }
  return texts;
}

/** What the shadow root says of it: `undefined` where the page's language counts. */
function languageOf({ parentElement }: Text): string | undefined {
  return parentElement?.closest<HTMLElement>('[lang]')?.lang;
}

function boxOf(node: Node | null): DOMRect {
  const range = document.createRange();
  if (node !== null) range.selectNodeContents(node);
  return range.getBoundingClientRect();
}
