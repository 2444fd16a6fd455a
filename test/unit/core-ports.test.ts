import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserPresence, browserStore } from '../../src/core/handoff.js';

afterEach(() => vi.unstubAllGlobals());

describe("the browser's presence", () => {
  it('is always there outside a browser', () => {
    const presence = browserPresence();

    expect(presence.visible() && presence.online()).toBe(true);
    expect(() => presence.subscribe(() => undefined)()).not.toThrow();
  });

  it('follows the document and the connection, until it is unsubscribed', () => {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const navigator = { onLine: true };
    const page = new EventTarget();
    vi.stubGlobal('document', document);
    vi.stubGlobal('navigator', navigator);
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    const presence = browserPresence();
    let changes = 0;
    const unsubscribe = presence.subscribe(() => (changes += 1));

    document.visibilityState = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    navigator.onLine = false;
    for (const type of ['offline', 'online', 'pageshow']) page.dispatchEvent(new Event(type));
    expect({ changes, visible: presence.visible(), online: presence.online() }).toEqual({
      changes: 4,
      visible: false,
      online: false,
    });

    unsubscribe();
    document.dispatchEvent(new Event('visibilitychange'));
    page.dispatchEvent(new Event('online'));
    expect(changes).toBe(4);
  });
});

describe("the browser's store", () => {
  const names = ['localStorage', 'document'] as const;
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  beforeEach(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new Error('SecurityError');
      },
    });
  });
  afterEach(() => {
    names.forEach((name, index) => {
      const original = originals[index];
      if (original === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, original);
    });
  });

  it("is the page's memory where reading the property itself is forbidden", () => {
    Object.defineProperty(globalThis, 'document', { configurable: true, value: {} });
    browserStore()?.setItem('plain', 'kept');
    expect(browserStore()?.getItem('plain')).toBe('kept');
    browserStore()?.removeItem('plain');
    expect(browserStore()?.getItem('plain')).toBeNull();
  });

  it('is none on a server: one memory would be shared by all buyers', () => {
    expect(browserStore()).toBeNull();
  });
});
