/** When `pageLoaded` does not come. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutBlockedEvent } from 'checkout-embed';
import { heard, hushed, isInView, mount, nextFrameLoad, part, PORTAL, reach, say } from './support.js';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

const plan = (vanity: string): string => `portal="${PORTAL}" plan="${vanity}"`;

describe('silence', () => {
  it('is slow first, with the skeleton and a link to the same checkout', async () => {
    const element = await mount(`${plan('silent')} slow-after="30" timeout="60000"`);
    const { ms } = await heard(element, 'checkout-slow');
    await element.updateComplete;
    expect(ms).toBeGreaterThanOrEqual(25);
    expect(part(element, 'skeleton')).not.toBeNull();
    const link = part(element, 'link') as HTMLAnchorElement | null;
    expect(link?.href).toBe(element.frame?.src);
    expect(link?.rel).toBe('noopener');
  });

  it('is blocked at the deadline, explained, and revived by a late page', async () => {
    // Without embed.js the silence would be its fault.
    await Promise.all([nextFrameLoad(), reach(await mount(), 'ready')]);
    const loaded = nextFrameLoad();
    const element = await mount(`${plan('silent')} slow-after="10" timeout="200" retries="0"`);
    const { diagnosis } = await heard(element, 'checkout-blocked');
    expect(diagnosis).toBe(element.diagnosis);
    expect(diagnosis.confidence).not.toBe('proven');
    expect(console.groupCollapsed).toHaveBeenCalledOnce();
    expect(await element.ready).toBe(false);
    await element.updateComplete;
    expect(part(element, 'panel-blocked')).not.toBeNull();
    await loaded;
    say(element, 'pageLoaded');
    await reach(element, 'ready');
    expect(part(element, 'panel')).toBeNull();
    expect(element.diagnosis).toBeNull();
  });

  it('in a shadow root, where embed.js may not look, takes no frame from the buyer, and says so', async () => {
    await Promise.all([nextFrameLoad(), reach(await mount(), 'ready')]);
    const place = document.body.appendChild(document.createElement('div'));
    const root = place.attachShadow({ mode: 'open' });
    root.innerHTML = `<checkout-embed ${plan('silent')} slow-after="10" timeout="100" retries="0"></checkout-embed>`;
    const element = root.querySelector('checkout-embed')!;
    await vi.waitUntil(() => element.diagnosis?.code === 'listened-late');
    expect(element.diagnosis?.evidence[0]).toContain('shadow root');
    await element.updateComplete;
    expect([element.state, isInView(element), part(element, 'panel')]).toEqual(['slow', true, null]);
    place.remove();
  });

  if (server.browser === 'chromium') {
    it('of a refused frame is named at once, with the origin to allow', async () => {
      const element = await mount(plan('refuse'));
      const { diagnosis } = await heard(element, 'checkout-blocked');
      expect(diagnosis).toMatchObject({ code: 'origin-not-allowlisted', confidence: 'proven' });
      expect(diagnosis.fix.copy).toContain(location.origin);
      element.remove();
      // The browser tells of the first refusal of a portal alone.
      const { diagnosis: next } = await blockedAfterLoad();
      expect(next).toMatchObject({ code: 'origin-not-allowlisted', confidence: 'likely' });
    });
  } else {
    // A refused page loads here like any other, and nothing is reported.
    it('of a refused frame is a guess at the deadline, with the origin to allow', async () => {
      await Promise.all([nextFrameLoad(), reach(await mount(), 'ready')]);
      const { diagnosis } = await blockedAfterLoad();
      // WebKit keeps no entry of it.
      const [code, confidence] =
        server.browser === 'webkit' ? ['origin-not-allowlisted', 'likely'] : ['silent-page', 'possible'];
      expect(diagnosis).toMatchObject({ code, confidence });
      expect(diagnosis.fix.copy).toContain(location.origin);
    });
  }

  it('of a frame without an entry, as WebKit’s refused ones, is no other for our own request to its address', async () => {
    const others = (entries: PerformanceEntryList): PerformanceEntryList =>
      entries.filter((entry) => (entry as PerformanceResourceTiming).initiatorType !== 'iframe');
    vi.spyOn(PerformanceObserverEntryList.prototype, 'getEntries').mockImplementation(function (
      this: PerformanceObserverEntryList,
    ) {
      return others(this.getEntriesByType('resource'));
    });
    const byName = performance.getEntriesByName.bind(performance);
    vi.spyOn(performance, 'getEntriesByName').mockImplementation((...query) => others(byName(...query)));
    await Promise.all([nextFrameLoad(), reach(await mount(), 'ready')]);
    const loaded = nextFrameLoad();
    const element = await mount(`${plan('silent-hidden')} slow-after="60000" timeout="60000"`);
    await loaded;
    const asked = await element.diagnose();
    expect(asked?.evidence.join()).toContain('A request to the portal from this page: opaque.');
    expect(asked).toMatchObject({ code: 'origin-not-allowlisted', confidence: 'likely' });
    expect(await element.diagnose()).toEqual(asked);
  });

  it('of a page without embed.js uncovers the frame, which may be working, and names the cause', async () => {
    // A portal that speaks could be heard: the script of an earlier test is still there.
    const element = await mount(`${plan('silent')} embed-script="${PORTAL}/nowhere.js"`);
    await reach(element, 'slow');
    expect(element.diagnosis).toMatchObject({ code: 'embed-script-failed', confidence: 'likely' });
    expect(element.frame?.checkVisibility({ visibilityProperty: true })).toBe(true);
  });

  it('of a forced checkout never covers it: the frame is shown with a way to try again', async () => {
    const element = await mount(`${plan('silent')} item="item_1" forced slow-after="10" timeout="100"`);
    expect(await element.ready).toBe(false);
    await element.updateComplete;
    expect(element.state).toBe('slow');
    expect(part(element, 'skeleton')).toBeNull();
    expect(part(element, 'button')).not.toBeNull();
  });

  it('of a prevented slow uncovers such a frame too', async () => {
    const element = await mount(`${plan('silent')} item="item_1" forced slow-after="10" timeout="100"`);
    element.addEventListener('checkout-slow', (event) => event.preventDefault());
    await element.ready;
    await element.updateComplete;
    expect(part(element, 'skeleton')).toBeNull();
    expect(part(element, 'note')).toBeNull();
  });

  it('is tried again by the buyer, in a fresh frame of the same element', async () => {
    const element = await mount(`${plan('silent')} slow-after="10" timeout="100" retries="0"`);
    await reach(element, 'blocked');
    const { frame } = element;
    const retried = heard(element, 'checkout-retry');
    part(element, 'button')?.click();
    expect((await retried).load).toBe(2);
    expect(element.frame).toBe(frame);
    expect(element.state).toBe('loading');
  });
});

/** A frame that is refused and has loaded all the same, at its deadline: nobody looks before. */
async function blockedAfterLoad(): Promise<CheckoutBlockedEvent> {
  const attended = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const loaded = nextFrameLoad();
  const element = await mount(`${plan('refuse')} slow-after="10" timeout="20" retries="0"`);
  await loaded;
  expect(element.state).toBe('loading');
  const blocked = heard(element, 'checkout-blocked');
  attended.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  return blocked;
}
