/** An element loads its frame again by itself where the portal does not answer, and never where a page came. */
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { heard, hushed, mount, nextFrameLoad, PORTAL, reach } from './support.js';

/** Its line breaks, while its script comes. */
const RESETS = `portal="${inject('faults').portal}" plan="resets"`;
const SILENT = `portal="${PORTAL}" plan="silent"`;
const SOON = 'slow-after="10" timeout="50"';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('a portal that does not answer', () => {
  it.each([0, 1, 2])('is tried again as often as "retries" says, %i, and then named', async (retries) => {
    const element = await unattended(`${RESETS} ${SOON} retries="${String(retries)}"`);
    const loads = countLoads(element);
    attend();
    const { diagnosis } = await heard(element, 'checkout-blocked');
    expect(diagnosis.code).toBe('unreachable');
    expect(loads).toEqual([2, 3].slice(0, retries));
  });

  it('is tried again by the buyer after that, and then no more by itself', async () => {
    const element = await unattended(`${RESETS} ${SOON} retries="1"`);
    const loads = countLoads(element);
    attend();
    await reach(element, 'blocked');
    const blocked = heard(element, 'checkout-blocked');
    element.retry();
    await blocked;
    expect(loads).toEqual([2, 3]);
  });
});

describe('a portal whose page came and says nothing', () => {
  it.each([1, 3])('is never loaded again by itself, whatever "retries" says: %i', async (retries) => {
    // Without embed.js the silence would be its fault.
    await Promise.all([nextFrameLoad(), reach(await mount(), 'ready')]);
    const loaded = nextFrameLoad();
    const element = await unattended(`${SILENT} ${SOON} retries="${String(retries)}"`);
    await loaded;
    const loads = countLoads(element);
    attend();
    const { diagnosis } = await heard(element, 'checkout-blocked');
    expect(diagnosis.code).toBe('silent-page');
    expect(loads).toEqual([]);
  });
});

/** No deadline runs before {@link attend}: nobody is there. */
function unattended(attributes: string): Promise<CheckoutEmbed> {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  return mount(attributes);
}

function attend(): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Which loads are begun again, from now on. */
function countLoads(element: CheckoutEmbed): number[] {
  const loads: number[] = [];
  element.addEventListener('checkout-retry', ({ load }) => loads.push(load));
  return loads;
}
