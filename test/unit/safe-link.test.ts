/** Where the link of a custom card may lead, and how it is gone to. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followLink, safeLink } from '../../src/element/safe-link.js';

const PAGE = 'https://shop.example/plans/';
const assign = vi.fn();

/** The page's own address; one without an origin of its own is in a sandbox. */
function stand(page: string, origin = new URL(page).origin): void {
  vi.stubGlobal('document', { baseURI: page });
  vi.stubGlobal('location', { origin, assign });
}

beforeEach(() => {
  stand(PAGE);
  vi.stubGlobal('open', vi.fn());
  assign.mockClear();
});
afterEach(() => vi.unstubAllGlobals());

describe('a link is safe', () => {
  it.each([
    ['https://elsewhere.example/talk', 'https://elsewhere.example/talk'],
    ['/contact', 'https://shop.example/contact'],
    ['contact?x=1#y', 'https://shop.example/plans/contact?x=1#y'],
    ['//shop.example/contact', 'https://shop.example/contact'],
    ['mailto:sales@shop.example?subject=Plans', 'mailto:sales@shop.example?subject=Plans'],
    ['tel:+4512345678', 'tel:+4512345678'],
  ])('%s', (link, href) => {
    expect(safeLink(link)?.href).toBe(href);
  });

  it('to this page’s own origin where that is http', () => {
    stand('http://localhost:3000/plans');
    expect(safeLink('/contact')?.href).toBe('http://localhost:3000/contact');
    expect(safeLink('http://localhost:4000/contact')).toBeNull();
  });
});

describe('a link is refused', () => {
  it.each([
    'blob:https://shop.example/0e1d8a3c-0000-4000-8000-000000000000',
    'javascript:alert(1)',
    'data:text/html,hi',
    'about:blank',
    'http://elsewhere.example/',
    'http://shop.example/',
    '//elsewhere.example/',
    '\\\\elsewhere.example',
    'ftp://shop.example/',
    'file:///etc/passwd',
    'https://',
  ])('%s', (link) => {
    expect(safeLink(link)).toBeNull();
  });

  it.each(['javascript:alert(1)', 'data:text/html,hi', 'about:blank', 'file:///etc/passwd'])(
    '%s, also by a page that is in a sandbox, and has an origin as opaque as the link’s',
    (link) => {
      stand(PAGE, 'null');
      expect(safeLink(link)).toBeNull();
    },
  );
});

describe('a safe link is followed', () => {
  it.each([
    ['https://elsewhere.example/', '_top'],
    ['mailto:sales@shop.example', 'inline'],
    ['tel:+4512345678', '_blank'],
  ])('in the page itself: %s, target %s', (link, target) => {
    followLink(new URL(link), target);
    expect(assign).toHaveBeenCalledExactlyOnceWith(link);
    expect(open).not.toHaveBeenCalled();
  });

  it.each(['', 'inline', 'callback', '_blank'])('in a tab of its own: target "%s"', (target) => {
    followLink(new URL('https://elsewhere.example/'), target);
    expect(open).toHaveBeenCalledExactlyOnceWith('https://elsewhere.example/', '_blank', 'noopener');
    expect(assign).not.toHaveBeenCalled();
  });
});
