/** What every test of the element needs: one on the page, its frame to talk through, its events to wait for. */
import { fixture } from '@open-wc/testing';
import { inject, vi, type MockInstance } from 'vitest';
import { CheckoutEmbed, type CheckoutEventMap, type CheckoutState } from 'checkout-embed';

export { eventually } from './eventually.js';

// How an element fares until the rest has come is the matter of one file, `starter.test.ts`.
await CheckoutEmbed.preload();

export const PORTAL = inject('portalOrigin');
export const PICK = { planVersionId: 'pv_1', planItemId: 'item_1' } as const;

/** Waits for no network and no painting: the deadlines of a test that is not about them never come. */
export const PATIENT = 'slow-after="60000" timeout="60000"';

/** An element for `plan`, with whatever else is asked for. */
export async function mount(attributes = '', content = ''): Promise<CheckoutEmbed> {
  const plan = attributes.includes('plan=') || content !== '' ? '' : `portal="${PORTAL}" plan="pro-plan"`;
  const times = attributes.includes('timeout=') || attributes.includes('slow-after=') ? '' : PATIENT;
  return fixture<CheckoutEmbed>(`<checkout-embed ${plan} ${times} ${attributes}>${content}</checkout-embed>`);
}

/** Resolves with the next event of this type. */
export function heard<K extends keyof CheckoutEventMap>(
  target: EventTarget,
  type: K,
): Promise<CheckoutEventMap[K]> {
  return new Promise((resolve) =>
    target.addEventListener(type, (event) => resolve(event as CheckoutEventMap[K]), { once: true }),
  );
}

/** Longest wait for a state, in milliseconds: less than a test's own, whose end would say nothing of where it stayed. */
const REACH_MS = 13_000;

/** Resolves when the element is in `state` and drawn. */
export async function reach(element: CheckoutEmbed, state: CheckoutState): Promise<void> {
  const passed: string[] = [element.state];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`never ${state}: ${passed.join(' → ')}`));
    timer = setTimeout(fail, REACH_MS);
  });
  while (element.state !== state) {
    await Promise.race([heard(element, 'checkout-statechange'), tooLong]);
    passed.push(element.state);
  }
  clearTimeout(timer);
  await element.updateComplete;
}

/** How often the portal was asked for the frame of `plan`: a plan of the test's own, and an element that asks no further for want of an answer. */
export async function timesAsked(plan: string): Promise<number> {
  return Number(await (await fetch(`${PORTAL}/asked/${plan}`)).text());
}

/** Resolves with the next load of any frame of the page: called before the frame is on its way, it misses none. */
export function nextFrameLoad(): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const notice = ({ target }: Event): void => {
      if (!(target instanceof HTMLIFrameElement)) return;
      ended.abort();
      resolve();
    };
    // A load does not bubble.
    document.addEventListener('load', notice, { capture: true, signal: ended.signal });
  });
}

/** The frame speaks: a real message from its own window and origin. */
export function say(element: CheckoutEmbed, type: string, payload: object = {}): void {
  element.frame?.contentWindow?.postMessage({ stub: 'say', type, payload }, PORTAL);
}

/** Any script of the page: no message stands behind it. */
export function forge(type: string, detail: unknown): void {
  window.dispatchEvent(new CustomEvent(`ledgerbee:embed:${type}`, { detail }));
}

/** A turn of the page in which everything that was said has been judged. */
export async function judged(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve));
}

/** What fades in is measured when it is there. */
export async function arrived({ shadowRoot }: Element): Promise<void> {
  const passing = (shadowRoot?.getAnimations() ?? []).filter(
    ({ effect }) => effect?.getComputedTiming().endTime !== Infinity,
  );
  await Promise.all(passing.map(({ finished }) => finished));
}

export function isInView({ frame }: Pick<CheckoutEmbed, 'frame'>): boolean {
  return frame?.checkVisibility({ visibilityProperty: true }) === true;
}

export function part(element: CheckoutEmbed, name: string): HTMLElement | null {
  return element.renderRoot.querySelector(`[part~="${name}"]`);
}

export function words(element: CheckoutEmbed): string {
  return element.renderRoot.querySelector('[role="status"]')?.textContent.trim() ?? '';
}

/** Keeps the console still, for tests that make the element talk. Gives what was said as an error. */
export function hushed(): MockInstance<typeof console.error> {
  for (const way of ['info', 'warn', 'groupCollapsed', 'groupEnd'] as const) {
    vi.spyOn(console, way).mockImplementation(() => undefined);
  }
  return vi.spyOn(console, 'error').mockImplementation(() => undefined);
}

export function fillStorage(): void {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('No room.', 'QuotaExceededError');
  });
}
