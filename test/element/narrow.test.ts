/** Each state where there is little room, no motion, or no color of ours. 320 px is also what is left of 1280 at 400 % zoom. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, server } from 'vitest/browser';
import { LONG_WORDS } from './long-words.js';
import { cuts, flaws } from './flaws.js';
import { FACES, play, SCENES } from './scenes.js';
import { hushed, part } from './support.js';

/** A phone of 320 px, what is left of it between the page's own margins and in a card of the page's, and of one of 360. */
const WIDTHS = ['320px', '272px', '246px', '328px'] as const;
/** The reader's, and that of a page that counts in tenths. */
const TEXT_SIZES = ['', '200%', '62.5%'] as const;

beforeEach(hushed);
afterEach(() => {
  document.documentElement.style.fontSize = '';
  vi.restoreAllMocks();
});

describe('at 320 px, for whoever minds motion', () => {
  it.each(FACES)('%s is whole and still %s, in both directions', async (state, _, scene) => {
    const element = await play(state, scene);
    expect(moving(element)).toEqual([]);
    const details = element.shadowRoot?.querySelector('details');
    if (details) details.open = true;
    for (const [width, dir, size] of everyWay()) {
      element.style.width = width;
      element.dir = dir;
      document.documentElement.style.fontSize = size;
      expect(flaws(element), `${width} ${dir} ${size}`).toEqual([]);
    }
  });

  it.each(FACES)('%s %s cuts no word of the page’s own, however long', async (state, _, scene) => {
    const element = await play(state, scene);
    element.messages = LONG_WORDS;
    await element.updateComplete;
    for (const [width, dir, size] of everyWay()) {
      element.style.width = width;
      element.dir = dir;
      document.documentElement.style.fontSize = size;
      expect(cuts(element), `${width} ${dir} ${size}`).toEqual([]);
    }
  });

  it('`away` still says where to finish, and that nothing else is to be done here', async () => {
    const element = await play('away', SCENES.away);
    expect(part(element, 'button')).not.toBeNull();
    element.style.width = '272px';
    expect(part(element, 'message')?.innerText).toContain('Finish there. This page updates by itself.');
  });

  it.each(['slow', 'away', 'error'] as const)(
    'what is pressed in `%s` stands below its words, and not below the icon',
    async (state) => {
      const element = await play(state, SCENES[state]);
      const pressed = part(element, 'button') ?? part(element, 'link');
      for (const [width, dir] of everyWay()) {
        element.style.width = width;
        element.dir = dir;
        const { left, right } = (part(element, 'icon') as Element).getBoundingClientRect();
        const box = pressed?.getBoundingClientRect();
        expect(dir === 'ltr' ? box?.left : -(box?.right ?? 0), `${width} ${dir}`).toBeGreaterThan(
          dir === 'ltr' ? right : -left,
        );
      }
    },
  );
});

// The other browsers are not told by a page what their reader's system asks for.
if (server.browser === 'chromium')
  describe('where the reader’s system asks for', () => {
    afterEach(() => emulate({}));

    it('nothing, the skeleton, the panel and its progress move', async () => {
      await emulate({ motion: 'no-preference' });
      expect(moving(await play('loading', SCENES.loading))).toEqual(['breathe']);
      expect(moving(await play('confirmed', SCENES.confirmed))).toEqual(['arrive', 'travel']);
    });

    it('its own colors, the way to go does not look like the other', async () => {
      await emulate({ forcedColors: 'active' });
      const element = await play('blocked', SCENES.blocked);
      const [first, second] = ['button', 'link'].map((name) =>
        getComputedStyle(part(element, name) ?? element),
      );
      expect(first?.backgroundColor).not.toBe(second?.backgroundColor);
      const quiet = part(await play('away', SCENES.away), 'button');
      expect(getComputedStyle(quiet ?? element).backgroundColor).not.toBe(first?.backgroundColor);
    });

    it('its own colors, a button still is one', async () => {
      await emulate({ forcedColors: 'active' });
      const element = await play('blocked', SCENES.blocked);
      for (const name of ['button', 'link']) {
        const look = getComputedStyle(part(element, name) ?? element);
        expect(look.color, name).not.toBe(look.backgroundColor);
        expect([look.borderTopStyle, look.borderTopWidth], name).toEqual(['solid', '1px']);
        expect(look.borderTopColor, name).not.toBe(look.backgroundColor);
      }
    });
  });

/** In every width, direction and size of text. */
function everyWay(): (readonly [width: string, dir: string, size: string])[] {
  return TEXT_SIZES.flatMap((size) =>
    WIDTHS.flatMap((width) => ['ltr', 'rtl'].map((dir) => [width, dir, size] as const)),
  );
}

function moving({ shadowRoot }: Element): string[] {
  return (shadowRoot?.getAnimations() ?? []).map((one) => (one as CSSAnimation).animationName).sort();
}

/** Left out: as for all tests, see `vite.config.ts`. */
async function emulate({ motion = 'reduce', forcedColors = 'none' }): Promise<void> {
  await cdp().send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-reduced-motion', value: motion },
      { name: 'forced-colors', value: forcedColors },
    ],
  });
}
