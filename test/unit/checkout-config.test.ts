import { describe, expect, it } from 'vitest';
import {
  DEFAULTS,
  readConfig,
  type CheckoutAttributes,
  type CheckoutPlace,
} from '../../src/element/checkout-config.js';
import { forcedUrl, surfaceOf, targetOf } from '../../src/element/vendor/portal-url.js';

const PORTAL = 'https://acme.portal.ledgerbee.com';
const NOTHING: CheckoutAttributes = {
  portal: null,
  plan: null,
  item: null,
  forced: false,
  src: null,
  target: null,
  ctaCallback: false,
  returnUrl: null,
  handoffUrl: null,
  order: null,
  slowAfter: DEFAULTS.slowAfter,
  timeout: DEFAULTS.timeout,
  loading: null,
  minHeight: DEFAULTS.minHeight,
  retries: DEFAULTS.retries,
  embedScript: null,
};

describe('the address of the frame', () => {
  const given = { portal: PORTAL, plan: 'pro-plan' };
  it.each<[string, Partial<CheckoutAttributes>, string, string]>([
    ['cards', given, '/embed/pro-plan', 'cards'],
    ['an item over the cards', { ...given, item: 'item_1' }, '/embed/pro-plan?item=item_1', 'item'],
    [
      'an item alone',
      { ...given, item: 'item_1', forced: true },
      '/embed/checkout/pro-plan/item_1',
      'forced',
    ],
    ['a portal with a path', { ...given, portal: `${PORTAL}/anything` }, '/embed/pro-plan', 'cards'],
    ['a vanity with letters of its own', { ...given, plan: 'crème' }, '/embed/cr%C3%A8me', 'cards'],
    ['custom cards', { ...given, ctaCallback: true }, '/embed/pro-plan?ctaCallback=1', 'cards'],
    ['a target', { ...given, target: 'callback' }, '/embed/pro-plan?target=callback', 'cards'],
    [
      'a whole URL, whose own words stand',
      { src: `${PORTAL}/embed/by-id/plan_1?token=t&target=inline`, target: '_top' },
      '/embed/by-id/plan_1?token=t&target=inline',
      'cards',
    ],
  ])('for %s', (_, attributes, path, surface) => {
    const { config, problems } = read(attributes);
    expect(config?.url.href).toBe(PORTAL + path);
    expect(config?.surface).toBe(surface);
    expect(problems).toEqual([]);
  });

  it('asks for the language of the page, where the vendor speaks it', () => {
    expect(read(given, { lang: 'da-DK' }).config?.url.search).toBe('?lang=da');
    expect(read(given, { lang: 'sv' }).config?.url.search).toBe('');
  });

  it('leaves a pasted frame as it is', () => {
    const { config } = read(
      { target: '_top' },
      { pastedSrc: `${PORTAL}/embed/pro-plan?target=inline`, lang: 'da' },
    );
    expect(config?.url.href).toBe(`${PORTAL}/embed/pro-plan?target=inline`);
    expect(config?.target).toBe('inline');
  });

  it('carries a return to this page, also where the page’s base is of another origin', () => {
    const returnUrl = 'https://shop.example/thanks';
    const { config, problems } = read({ ...given, returnUrl }, { baseUrl: 'https://cdn.example/' });
    expect(config?.url.searchParams.get('returnUrl')).toBe(returnUrl);
    expect(problems).toEqual([]);
  });

  it('carries a return to this page', () => {
    const { config } = read({ ...given, returnUrl: '/thanks?x=1' });
    expect(config?.url.searchParams.get('returnUrl')).toBe('https://shop.example/thanks?x=1');
  });
});

describe('a wrong attribute', () => {
  const given = { portal: PORTAL, plan: 'pro-plan' };
  it.each<[string, Partial<CheckoutAttributes>, string]>([
    ['no portal', { plan: 'pro-plan' }, 'portal'],
    ['a bare host', { portal: 'acme.portal.ledgerbee.com', plan: 'pro-plan' }, 'portal'],
    ['plain http', { portal: 'http://acme.portal.ledgerbee.com', plan: 'pro-plan' }, 'portal'],
    ['a script for a portal', { portal: 'javascript:alert(1)', plan: 'pro-plan' }, 'portal'],
    ['no plan', { portal: PORTAL }, 'plan'],
    ['a plan that climbs out', { portal: PORTAL, plan: '..' }, 'plan'],
    ['a plan with a slash', { portal: PORTAL, plan: 'a/b' }, 'plan'],
    ['forced without an item', { ...given, forced: true }, 'item'],
    ['a script for a src', { src: 'javascript:alert(1)' }, 'src'],
    ['data for a src', { src: 'data:text/html,hi' }, 'src'],
  ])('that makes no frame: %s', (_, attributes, attribute) => {
    const { config, problems } = read(attributes);
    expect(config).toBeNull();
    expect(problems.at(-1)?.attribute).toBe(attribute);
  });

  it.each<[string, Partial<CheckoutAttributes>, string]>([
    ['a negative timeout', { timeout: -1 }, 'timeout'],
    ['a timeout that is no number', { timeout: NaN }, 'timeout'],
    ['a negative slow-after', { slowAfter: -1 }, 'slow-after'],
    ['too many retries', { retries: 9 }, 'retries'],
    ['a negative height', { minHeight: -1 }, 'min-height'],
    ['an unknown target', { target: 'popup' }, 'target'],
    ['an unknown loading', { loading: 'never' }, 'loading'],
    ['a return to elsewhere', { returnUrl: 'https://evil.example/' }, 'return-url'],
    ['a script to return to', { returnUrl: 'javascript:alert(1)' }, 'return-url'],
    ['a handoff over http', { handoffUrl: 'http://shop.example/checkout' }, 'handoff-url'],
    ['a script of elsewhere', { embedScript: 'https://evil.example/embed.js' }, 'embed-script'],
  ])('that has a default: %s', (_, attributes, attribute) => {
    const { config, problems, minHeightPx } = read({ ...given, ...attributes });
    expect(problems.map((problem) => problem.attribute)).toEqual([attribute]);
    expect(config).toMatchObject({
      url: new URL(`${PORTAL}/embed/pro-plan`),
      scriptUrl: new URL(`${PORTAL}/embed.js`),
      handoffUrl: null,
      slowAfterMs: 4000,
      timeoutMs: 12_000,
      retries: 1,
      lazy: false,
    });
    expect(minHeightPx).toBe(560);
  });

  it.each([
    ['nothing', '', null],
    ['an object made a word', '[object Object]', null],
    ['a list of objects', '[object Object],[object Object]', null],
    ['a name in brackets', '[objects] 7', '[objects] 7'],
  ])('that names an order: %s', (_, order, name) => {
    expect(read({ ...given, order }).config?.order).toBe(name);
  });

  it.each([
    ['a frame without an address', ''],
    ['no frame', undefined],
  ])('beside %s', (_, pastedSrc) => {
    const place = pastedSrc === undefined ? {} : { pastedSrc };
    const attribute = pastedSrc === undefined ? 'portal' : 'src';
    expect(read({}, place)).toMatchObject({ config: null, problems: [{ attribute, value: null }] });
    expect(read(given, place).config?.url.href).toBe(`${PORTAL}/embed/pro-plan`);
  });

  it.each(['http://localhost:4320', 'http://acme.portal.localhost:4320', 'http://127.0.0.1:4320'])(
    'is not http on a loopback name: %s',
    (portal) => expect(read({ portal, plan: 'pro-plan' }).problems).toEqual([]),
  );
});

describe('a checkout that is resumed', () => {
  it.each([
    [
      `${PORTAL}/embed/pro-plan?target=callback&lang=da`,
      'pro-plan',
      `${PORTAL}/embed/checkout/pro-plan/item_1?lang=da`,
    ],
    [`${PORTAL}/embed/pro-plan`, null, `${PORTAL}/embed/checkout/pro-plan/item_1`],
    [`${PORTAL}/embed/by-id/plan_1?token=t`, null, `${PORTAL}/embed/checkout/by-id/plan_1/item_1?token=t`],
    [`${PORTAL}/embed/checkout/pro-plan/item_9`, null, `${PORTAL}/embed/checkout/pro-plan/item_1`],
  ])('goes from %s to the picked item alone', (from, vanity, to) => {
    expect(forcedUrl(new URL(from), { planItemId: 'item_1', vanity }).href).toBe(to);
  });

  it('checks out in the frame, whatever the target of the cards', () => {
    const url = new URL(`${PORTAL}/embed/checkout/pro-plan/item_1?target=_top`);
    expect([surfaceOf(url), targetOf(url)]).toEqual(['forced', 'inline']);
    expect(targetOf(new URL(`${PORTAL}/embed/pro-plan?target=popup`))).toBe('_blank');
  });
});

function read(attributes: Partial<CheckoutAttributes>, place: Partial<CheckoutPlace> = {}) {
  return readConfig(
    { ...NOTHING, ...attributes },
    {
      baseUrl: 'https://shop.example/buy',
      origin: 'https://shop.example',
      pastedSrc: null,
      lang: '',
      ...place,
    },
  );
}
