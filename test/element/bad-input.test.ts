/** Attributes that make no sense: named in the console with their fix, never a throw, never a navigation. */
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { hushed, mount, part, PORTAL, reach } from './support.js';

let error: MockInstance<typeof console.error>;
beforeEach(() => {
  error = hushed();
});
afterEach(() => vi.restoreAllMocks());

describe('what makes no frame', () => {
  it.each([
    ['a portal that is no URL', 'portal="acme" plan="pro-plan"', 'portal', 'bad-portal'],
    ['a portal over http', 'portal="http://acme.example" plan="pro-plan"', 'portal', 'bad-portal'],
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
    ['timeout="-5"', 'timeout', '-5'],
    ['timeout="soon"', 'timeout', 'soon'],
    ['slow-after="-1"', 'slow-after', '-1'],
    ['target="popup"', 'target', 'popup'],
    ['return-url="javascript:alert(1)"', 'return-url', 'javascript:alert(1)'],
    ['embed-script="https://evil.example/embed.js"', 'embed-script', 'evil.example'],
  ])('%s is said once, with its value, and the frame comes all the same', async (attributes, name, value) => {
    const element = await mount(attributes);
    await reach(element, 'ready');
    expect(error).toHaveBeenCalledOnce();
    const said = String(error.mock.calls[0]?.[1]);
    expect(said).toContain(name);
    expect(said).toContain(value);
  });
});
