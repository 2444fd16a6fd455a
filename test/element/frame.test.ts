/** The frame: pasted or built, where it stands, and that there is one script for all. */
import { fixture } from '@open-wc/testing';
import { css } from 'lit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CheckoutEmbed } from 'checkout-embed';
import { heard, judged, mount, nextFrameLoad, part, PICK, PORTAL, reach, say } from './support.js';

const SRC = `${PORTAL}/embed/pro-plan?target=inline`;

afterEach(() => vi.restoreAllMocks());

describe('a pasted frame', () => {
  it('is used as it stands', async () => {
    const element = await mount('', `<iframe src="${SRC}"></iframe>`);
    const pasted = element.querySelector('iframe');
    await reach(element, 'ready');
    expect(element.frame).toBe(pasted);
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(pasted?.src).toBe(SRC);
    expect(pasted?.title).toBe('Checkout');
  });

  it('is in view from the start, when its word may have been missed', async () => {
    const loaded = nextFrameLoad();
    const element = await fixture<CheckoutEmbed>(
      `<pasted-checkout><iframe src="${SRC}"></iframe></pasted-checkout>`,
    );
    const frame = element.querySelector('iframe');
    await loaded;
    CheckoutEmbed.define('pasted-checkout');
    await element.updateComplete;
    expect(element.state).toBe('loading');
    expect(element.frame).toBe(frame);
    expect(part(element, 'skeleton')).toBeNull();
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
  });

  it('is found when a framework adds it later, in place of a complaint', async () => {
    const element = await mount('', '<p>Plans</p>');
    expect(element.state).toBe('blocked');
    const frame = document.createElement('iframe');
    frame.src = SRC;
    element.append(frame);
    await reach(element, 'ready');
    expect(element.frame).toBe(frame);
  });

  it('within a wrapper is found when it comes late, and when it is another', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const element = await fixture<CheckoutEmbed>('<checkout-embed><div></div></checkout-embed>');
    await reach(element, 'blocked');
    const wrapper = element.firstElementChild!;
    wrapper.innerHTML = `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`;
    await reach(element, 'ready');
    wrapper.innerHTML = `<iframe src="${PORTAL}/embed/pro-plan?target=inline&again"></iframe>`;
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect(element.frame).toBe(wrapper.firstElementChild);
    error.mockRestore();
  });

  it('that the page points at another plan is another checkout: the one before has ended', async () => {
    const element = await mount('', `<iframe src="${SRC}"></iframe>`);
    await reach(element, 'ready');
    const { outcome } = element;
    element.querySelector('iframe')!.src = SRC.replace('pro-plan', 'team-plan');
    expect(await outcome).toBe('closed');
    await reach(element, 'ready');
    expect(element.frame?.src).toContain('/embed/team-plan');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
  });

  it('beside another is the only one that is heard, and the developer is told', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const element = await mount('', `<iframe src="${SRC}"></iframe><iframe src="${SRC}&second"></iframe>`);
    await reach(element, 'ready');
    expect(element.frame).toBe(element.querySelector('iframe'));
    expect(warn.mock.calls.join()).toContain('Of two frames in one tag only the first is heard.');
    warn.mockRestore();
  });

  it('behind a slot is not seen, and the developer is told why', async () => {
    const spies = (['warn', 'error'] as const).map((way) =>
      vi.spyOn(console, way).mockImplementation(() => undefined),
    );
    const card = await fixture<HTMLElement>(`<div><iframe src="${PORTAL}/embed/silent"></iframe></div>`);
    card.attachShadow({ mode: 'open' }).innerHTML = '<checkout-embed><slot></slot></checkout-embed>';
    await reach(card.shadowRoot!.querySelector('checkout-embed')!, 'blocked');
    expect(spies[0]!.mock.calls.join()).toContain('A frame must stand in the tag itself');
    spies.forEach((spy) => spy.mockRestore());
  });

  it('is not one that stands in a named slot', async () => {
    const element = await fixture<CheckoutEmbed>(
      `<checkout-embed portal="${PORTAL}" plan="pro-plan"><iframe slot="settled"></iframe></checkout-embed>`,
    );
    await reach(element, 'ready');
    expect(element.frame?.slot).toBe('');
  });

  it('keeps its place when it is loaded again', async () => {
    const element = await mount('', `<p>Before</p><iframe src="${SRC}"></iframe><p>After</p>`);
    await reach(element, 'ready');
    element.close();
    element.retry();
    await reach(element, 'ready');
    expect([...element.children].map(({ tagName }) => tagName)).toEqual(['P', 'IFRAME', 'P']);
  });
});

describe('a built frame', () => {
  it('stands in light DOM with the rights of the vendor’s snippet', async () => {
    const element = await mount('frame-title="Choose a plan"');
    const frame = element.querySelector('iframe');
    expect(frame).toBe(element.frame);
    expect(frame?.title).toBe('Choose a plan');
    expect(frame?.sandbox.contains('allow-scripts')).toBe(true);
    expect(frame?.allow).toBe('payment');
  });

  it.each([
    ['item="item_1"', '/embed/pro-plan?item=item_1&lang=en'],
    ['item="item_1" forced', '/embed/checkout/pro-plan/item_1?lang=en'],
    ['target="inline" cta-callback lang="da"', '/embed/pro-plan?lang=da&target=inline&ctaCallback=1'],
  ])('for %s goes to %s', async (attributes, path) => {
    const element = await mount(attributes);
    expect(element.frame?.src).toBe(PORTAL + path);
    await element.ready;
    expect(element.state).toBe(attributes.startsWith('item') ? 'checkout' : 'ready');
  });

  it('is on its way before the page is laid out for its height, and before its element is styled', async () => {
    const seen: string[] = [];
    const note = (what: string): void => {
      seen.push(
        `${what} ${document.querySelector('checkout-embed > iframe') === null ? 'before' : 'after'} the frame`,
      );
    };
    vi.spyOn(window, 'innerWidth', 'get').mockImplementation(() => {
      note('width');
      return 1280;
    });
    const own = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'adoptedStyleSheets');
    vi.spyOn(ShadowRoot.prototype, 'adoptedStyleSheets', 'set').mockImplementation(function (
      this: ShadowRoot,
      sheets,
    ) {
      if (sheets.length > 0) note('styles');
      own?.set?.call(this, sheets);
    });
    await mount();
    expect(seen.slice(0, 2)).toEqual(['width after the frame', 'styles after the frame']);
  });

  it('comes behind embed.js, which would otherwise be run while the frame arrives', async () => {
    const added: string[] = [];
    const noteOurs = (records: readonly MutationRecord[]): void => {
      const nodes = records.flatMap((record) => [...record.addedNodes]);
      added.push(
        ...nodes.filter((node) => /^(SCRIPT|IFRAME)$/.test(node.nodeName)).map((node) => node.nodeName),
      );
    };
    const observer = new MutationObserver(noteOurs);
    observer.observe(document, { childList: true, subtree: true });
    // One that nobody has brought before.
    await mount('embed-script="/not-there.js"');
    noteOurs(observer.takeRecords());
    observer.disconnect();
    document.querySelector('script[src$="/not-there.js"]')?.remove();
    expect(added).toEqual(['SCRIPT', 'IFRAME']);
  });

  it('is not looked into while nothing is wrong: its empty document would be set up for scripts', async () => {
    const looks = vi.spyOn(HTMLIFrameElement.prototype, 'contentDocument', 'get');
    const element = await mount();
    await reach(element, 'ready');
    expect((await element.diagnose())?.code).toBe('working');
    expect(looks).not.toHaveBeenCalled();
  });

  it('is not said to be missing while the parser is on its way to it', async () => {
    const readyState = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
    const element = await mount('', '<p>Plans</p>');
    const told = element.diagnose();
    const frame = document.createElement('iframe');
    frame.src = `${PORTAL}/embed/pro-plan`;
    element.append(frame);
    readyState.mockRestore();
    document.dispatchEvent(new Event('DOMContentLoaded'));
    expect((await told)?.code).not.toBe('missing-src');
    expect(element.frame).toBe(frame);
  });

  it('without an address gets it from the page, as soon as the page knows it', async () => {
    const element = await mount('', '<iframe title="Plans"></iframe>');
    await reach(element, 'blocked');
    expect(element.diagnosis?.code).toBe('missing-src');
    const frame = element.querySelector('iframe')!;
    frame.src = `${PORTAL}/embed/pro-plan`;
    await reach(element, 'ready');
    expect(element.frame).toBe(frame);
  });

  it('without an address gets the one that the attributes make, and the next one too', async () => {
    const element = await mount(`portal="${PORTAL}" plan="pro-plan"`, '<iframe title="Plans"></iframe>');
    await reach(element, 'ready');
    element.plan = 'other-plan';
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect(element.frame?.src).toContain('/embed/other-plan');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
  });

  it('without an address in a lazy element waits until it comes near the view', async () => {
    const far = 'loading="lazy" style="margin-block-start: 9000px"';
    const element = await mount(
      `portal="${PORTAL}" plan="pro-plan" ${far}`,
      '<iframe title="Plans"></iframe>',
    );
    await judged();
    expect([element.state, element.querySelector('iframe')?.src]).toEqual(['idle', '']);
  });

  it('in which an item is checked out is not taken for another that the page has pasted', async () => {
    const element = await mount('', `<iframe src="${PORTAL}/embed/pro-plan?target=callback"></iframe>`);
    await reach(element, 'ready');
    const ended = vi.fn();
    void element.outcome.then(ended);
    say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan', deferred: true });
    await reach(element, 'checkout');
    // Everything is read again.
    element.retries = 2;
    await element.updateComplete;
    await judged();
    expect(ended).not.toHaveBeenCalled();
    expect(element.frame?.src).toContain('/embed/checkout/pro-plan/item_1');
  });

  it('is there when its first word is a failure', async () => {
    const loaded = nextFrameLoad();
    const element = await mount(`portal="${PORTAL}" plan="silent"`);
    await loaded;
    say(element, 'checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' });
    await reach(element, 'error');
    expect(await element.ready).toBe(true);
  });

  it('is loaded anew for another plan, and the attempt before ends', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { ready, outcome } = element;
    element.plan = 'team-plan';
    await heard(element, 'checkout-statechange');
    expect(element.state).toBe('loading');
    expect(element.frame?.src).toContain('/embed/team-plan');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect([await ready, await outcome]).toEqual([true, 'closed']);
    await reach(element, 'ready');
  });

  it('goes with its element, and comes back with it', async () => {
    const element = await mount();
    await reach(element, 'ready');
    const parent = element.parentElement;
    element.remove();
    await judged();
    expect(element.querySelector('iframe')).toBeNull();
    expect(element.state).toBe('idle');
    parent?.append(element);
    await reach(element, 'ready');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
  });

  it('waits for the view when it is lazy', async () => {
    const element = await fixture<CheckoutEmbed>(
      `<checkout-embed style="position:absolute;top:9000px" loading="lazy" portal="${PORTAL}" plan="pro-plan"></checkout-embed>`,
    );
    await judged();
    expect(element.state).toBe('idle');
    expect(element.frame).toBeNull();
    element.style.position = 'static';
    await reach(element, 'ready');
  });
});

describe('the vendor’s script', () => {
  it('is loaded once for all elements of a portal', async () => {
    const all = await Promise.all([mount(), mount(), mount()]);
    await Promise.all(all.map((element) => reach(element, 'ready')));
    const scripts = [...document.scripts].filter(({ src }) => src.startsWith(PORTAL));
    expect(scripts.map(({ src }) => src)).toEqual([`${PORTAL}/embed.js`]);
  });
});

describe('a class made of it', () => {
  it('has its own styles between those of the box and of the panels', async () => {
    const own = css`
      .base {
        color: rebeccapurple;
      }
    `;
    customElements.define(
      'own-checkout',
      class extends CheckoutEmbed {
        static override readonly styles = [...CheckoutEmbed.styles, own];
      },
    );
    const element = await fixture<CheckoutEmbed>(
      `<own-checkout portal="${PORTAL}" plan="pro-plan"></own-checkout>`,
    );
    await reach(element, 'ready');
    const sheets = element.shadowRoot?.adoptedStyleSheets ?? [];
    expect(sheets.slice(0, 3)).toEqual([...CheckoutEmbed.styles, own].map(({ styleSheet }) => styleSheet));
    expect(sheets).toHaveLength(5);
  });
});

describe('registering', () => {
  it('again does nothing', () => {
    CheckoutEmbed.define();
    expect(customElements.get('checkout-embed')).toBe(CheckoutEmbed);
  });

  it('in another registry is done there, once, and nowhere else', () => {
    const own = new Map<string, CustomElementConstructor>();
    const registry = {
      get: (tag: string) => own.get(tag),
      define: (tag: string, element: CustomElementConstructor) => void own.set(tag, element),
    } as CustomElementRegistry;
    CheckoutEmbed.define('checkout-embed', registry);
    CheckoutEmbed.define('scoped-checkout', registry);
    const scoped = own.get('scoped-checkout');
    CheckoutEmbed.define('scoped-checkout', registry);
    expect(own.get('checkout-embed')).toBe(CheckoutEmbed);
    expect(scoped?.prototype).toBeInstanceOf(CheckoutEmbed);
    expect(own.get('scoped-checkout')).toBe(scoped);
    expect(customElements.get('scoped-checkout')).toBeUndefined();
  });

  it('honours what was set before the upgrade', async () => {
    const early = await fixture<CheckoutEmbed>('<early-checkout></early-checkout>');
    Object.assign(early, { portal: PORTAL, plan: 'pro-plan', messages: { frameTitle: 'Plans' } });
    CheckoutEmbed.define('early-checkout');
    await reach(early, 'ready');
    expect(early.frame?.title).toBe('Plans');
  });
});
