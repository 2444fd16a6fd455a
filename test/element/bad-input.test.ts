/** Attributes that make no sense: named in the console with their fix, never a throw, never a navigation. */
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { handoff } from './handoff-stub.js';
import { eventually, hushed, mount, part, PICK, PORTAL, reach, say } from './support.js';

let error: MockInstance<typeof console.error>;
/** What was said in the tests before. */
const earlier: string[] = [];
beforeEach(() => {
  error = hushed();
});
afterEach(() => vi.restoreAllMocks());

describe('what makes no frame', () => {
  it.each([
    ['a portal that is no URL', 'portal="acme" plan="pro-plan"', 'portal', 'bad-portal'],
    ['a portal over http', 'portal="http://acme.example" plan="pro-plan"', 'portal', 'mixed-content'],
    ['a script for a portal', 'portal="javascript:alert(1)" plan="pro-plan"', 'portal', 'bad-portal'],
    ['a script for a src', 'src="javascript:alert(1)" data-x="plan="', 'src', 'bad-attribute'],
    ['a pasted script', '', 'src', 'bad-attribute'],
    ['no plan', `portal="${PORTAL}" data-x="plan="`, 'plan', 'missing-plan'],
    ['an empty plan', `portal="${PORTAL}" plan=""`, 'plan', 'bad-attribute'],
  ])('%s is blocked and said once', async (what, attributes, attribute, code) => {
    const pasted = what === 'a pasted script' ? '<iframe src="javascript:void 0"></iframe>' : '';
    const element = await mount(attributes, pasted);
    await reach(element, 'blocked');
    expect(element.diagnosis?.code).toBe(code);
    expect(error).toHaveBeenCalledOnce();
    expect(String(error.mock.calls[0]?.[1])).toContain(attribute);
    expect(part(element, 'button')).toBeNull();
    expect(part(element, 'link')).toBeNull();
    if (pasted === '') expect(element.querySelector('iframe')).toBeNull();
  });

  it('is mended by setting the attribute right', async () => {
    const element = await mount('portal="acme" plan="pro-plan"');
    await reach(element, 'blocked');
    element.portal = PORTAL;
    await reach(element, 'ready');
  });
});

describe('what has a default', () => {
  it.each([
    ['timeout="-5"', 'timeout', '-5', 'a number from 1'],
    ['timeout="soon"', 'timeout', 'soon', 'a number from 1'],
    ['slow-after="-1"', 'slow-after', '-1', 'a number from 0'],
    ['min-height="tall"', 'min-height', 'tall', 'a number from 0'],
    ['retries="4"', 'retries', '4', '0, 1, 2, 3'],
    ['retries="1.5"', 'retries', '1.5', '0, 1, 2, 3'],
    ['retries=""', 'retries', '', '0, 1, 2, 3'],
    ['timeout=""', 'timeout', '', 'a number from 1'],
    ['slow-after=" "', 'slow-after', ' ', 'a number from 0'],
    ['handoff-url=""', 'handoff-url', '', 'an https URL (http only on localhost)'],
    ['embed-script=" "', 'embed-script', ' ', 'an https URL (http only on localhost)'],
    ['loading="soon"', 'loading', 'soon', 'eager, lazy'],
    ['target="popup"', 'target', 'popup', 'inline, callback, _top, _blank'],
    [
      'return-url="javascript:alert(1)"',
      'return-url',
      'javascript:alert(1)',
      'an https URL (http only on localhost)',
    ],
    [
      'return-url="https://evil.example/"',
      'return-url',
      'https://evil.example/',
      'a URL of this page’s own origin',
    ],
    [
      'embed-script="https://evil.example/embed.js"',
      'embed-script',
      'https://evil.example/embed.js',
      'a URL of the portal',
    ],
  ])(
    '%s is said once, with its value, what is allowed and that its default is used, and the frame comes all the same',
    async (attributes, name, value, allowed) => {
      const element = await mount(attributes);
      await reach(element, 'ready');
      expect(error).toHaveBeenCalledOnce();
      const said = String(error.mock.calls[0]?.[1]);
      expect(said).toContain(`The attribute ${name} is "${value}". Set ${name} to ${allowed}.`);
      expect(said).toMatch(/ Its default is used\.$/);
    },
  );
});

describe('an attribute in the spelling of a property', () => {
  it.each([
    ['handoffUrl="/checkout"', 'handoffurl', 'handoff-url'],
    ['cta_callback', 'cta_callback', 'cta-callback'],
  ])('is named, with the one that is read: %s', async (attribute, name, meant) => {
    const element = await mount(attribute);
    await reach(element, 'ready');
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.calls[0]).toContain(`The attribute ${name} is not read. Set ${meant}.`);
  });

  it('and a property in that of an attribute are both named', async () => {
    const element = await mount();
    Object.assign(element, { 'return-url': '/', order: 'ord_spelled' });
    await element.updateComplete;
    expect(error.mock.calls.flat()).toContain(
      'The property return-url is not read. Set the attribute return-url.',
    );
  });

  it('beside the one that is read costs no word', async () => {
    const element = await mount('minheight="300" min-height="300"');
    await reach(element, 'ready');
    expect(error).not.toHaveBeenCalled();
  });
});

describe('a property that is', () => {
  it.each([
    'item',
    'target',
    'loading',
    'returnUrl',
    'embedScript',
    'integrity',
    'order',
    'retries',
  ] as const)('undefined is not set: %s', async (name) => {
    const element = await mount();
    await reach(element, 'ready');
    const { frame } = element;
    const unset = element[name];
    Object.assign(element, { [name]: undefined });
    await element.updateComplete;
    expect([element[name], element.frame, element.state]).toEqual([unset, frame, 'ready']);
    expect(error).not.toHaveBeenCalled();
  });

  it.each(['item', 'target', 'returnUrl', 'order'] as const)(
    'false is not set either, as of a condition that does not hold: %s',
    async (name) => {
      const element = await mount();
      await reach(element, 'ready');
      const { frame } = element;
      Object.assign(element, { [name]: false });
      await element.updateComplete;
      expect([element[name], element.frame, element.state]).toEqual([null, frame, 'ready']);
      expect(error).not.toHaveBeenCalled();
    },
  );

  it('undefined from before the upgrade is not set either', async () => {
    const element = document.createElement('checkout-embed');
    Object.assign(element, {
      portal: PORTAL,
      plan: 'pro-plan',
      src: undefined,
      target: undefined,
      item: undefined,
    });
    document.body.append(element);
    await reach(element, 'ready');
    expect(element.frame?.src).not.toContain('item');
    element.remove();
  });

  it('of another type is what an attribute would have made of it', async () => {
    const element = await mount();
    await reach(element, 'ready');
    Object.assign(element, { portal: 42, timeout: '90000', order: 7 });
    await reach(element, 'blocked');
    expect([element.diagnosis?.code, element.timeout, element.order]).toEqual(['bad-portal', 90_000, '7']);
    expect(String(error.mock.calls[0]?.[1])).toContain('The attribute portal is "42".');
  });

  it('an object is no name of an order: it is told, and counts as none', async () => {
    const shop = handoff();
    const element = await mount('target="inline" handoff-url="/checkout"');
    Object.assign(element, { order: { id: 'ord_7' } });
    await reach(element, 'ready');
    await element.updateComplete;
    expect(String(error.mock.calls[0]?.[1])).toContain('order="[object Object]"');
    say(element, 'checkoutInitiated', PICK);
    await eventually(() => expect(shop.to('POST /attempts')).toHaveLength(1));
    expect(shop.to('POST /attempts')[0]?.body).not.toHaveProperty('order');
  });

  it('an empty text is no number', async () => {
    const element = await mount();
    await reach(element, 'ready');
    Object.assign(element, { minHeight: '' });
    await element.updateComplete;
    expect(element.minHeight).toBeNaN();
    expect(String(error.mock.calls[0]?.[1])).toContain('Set min-height to a number from 0.');
  });
});

describe('words that are none', () => {
  it.each([
    [
      'an object',
      { confirmed: { title: 'Tak', text: 'Tak' } },
      'messages.confirmed must be ["heading", "text"]',
    ],
    ['a text', { confirmed: 'Tak' }, 'messages.confirmed must be ["heading", "text"]'],
    ['null', { confirmed: null }, 'messages.confirmed must be ["heading", "text"]'],
    ['half of it', { confirmed: ['Tak'] }, 'messages.confirmed must be ["heading", "text"]'],
    ['a pair', { retry: ['Again', 'Now'] }, 'messages.retry must be a text'],
    ['unknown', { thanks: 'Tak' }, 'messages.thanks is no word'],
  ])('give way to the built-in ones, and are named: %s', async (_, messages, fault) => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    Object.assign(element, { messages });
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect(part(element, 'heading')?.textContent).toBe('Thank you');
    // Once for the page, be it in another test's name.
    const said = [...earlier, ...error.mock.calls.map(([, words]) => String(words))];
    earlier.push(...said);
    expect(said.join()).toContain(fault);
  });

  it('for want of a translation is nothing to speak of', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    Object.assign(element, { messages: { confirmed: undefined } });
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect(part(element, 'heading')?.textContent).toBe('Thank you');
    expect(error).not.toHaveBeenCalled();
  });
});
