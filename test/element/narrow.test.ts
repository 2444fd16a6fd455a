/** Each state where there is little room, no motion, or no color of ours. 320 px is also what is left of 1280 at 400 % zoom. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, server } from 'vitest/browser';
import { flaws } from './flaws.js';
import { FACES, play, SCENES } from './scenes.js';
import { hushed, part } from './support.js';

/** A phone of 320 px, what is left of it between the page's own margins, and of one of 360. */
const WIDTHS = ['320px', '272px', '328px'] as const;

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('at 320 px, for whoever minds motion', () => {
  it.each(FACES)('%s is whole and still %s, in both directions', async (state, _, scene) => {
    const element = await play(state, scene);
    expect(moving(element)).toEqual([]);
    const details = element.shadowRoot?.querySelector('details');
    if (details) details.open = true;
    for (const width of WIDTHS) {
      for (const dir of ['ltr', 'rtl']) {
        element.style.width = width;
        element.dir = dir;
        expect(flaws(element), `${width} ${dir}`).toEqual([]);
      }
    }
  });
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
