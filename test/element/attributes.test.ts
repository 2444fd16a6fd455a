/** Attributes and properties are two ways to say the same. */
import { expect, it } from 'vitest';
import { mount, PORTAL } from './support.js';

it.each([
  ['portal', 'portal', PORTAL],
  ['plan', 'plan', 'pro-plan'],
  ['item', 'item', 'item_1'],
  ['src', 'src', `${PORTAL}/embed/pro-plan`],
  ['target', 'target', 'inline'],
  ['returnUrl', 'return-url', '/thanks'],
  ['handoffUrl', 'handoff-url', '/checkout'],
  ['order', 'order', 'ord_1'],
  ['slowAfter', 'slow-after', 90],
  ['timeout', 'timeout', 70_000],
  ['loading', 'loading', 'eager'],
  ['minHeight', 'min-height', 300],
  ['retries', 'retries', 2],
  ['embedScript', 'embed-script', '/embed.js'],
  ['integrity', 'integrity', 'sha384-x'],
  ['frameTitle', 'frame-title', 'Buy'],
] as const)('%s is %s, both ways', async (property, attribute, value) => {
  const element = await mount('loading="lazy"');
  Object.assign(element, { [property]: value });
  await element.updateComplete;
  expect(element.getAttribute(attribute)).toBe(String(value));
  element.removeAttribute(attribute);
  await element.updateComplete;
  expect(element[property]).not.toBe(value);
  element.setAttribute(attribute, String(value));
  await element.updateComplete;
  expect(element[property]).toBe(value);
});

it.each([
  ['forced', 'forced'],
  ['ctaCallback', 'cta-callback'],
] as const)('%s is %s, there or not', async (property, attribute) => {
  const element = await mount('loading="lazy" item="item_1"');
  element[property] = true;
  await element.updateComplete;
  expect(element.hasAttribute(attribute)).toBe(true);
  element.removeAttribute(attribute);
  expect(element[property]).toBe(false);
});

it('a default is not written into the page, and comes back where its attribute goes', async () => {
  const element = await mount('min-height="700"');
  expect(element.hasAttribute('retries')).toBe(false);
  element.removeAttribute('min-height');
  expect([element.minHeight, element.retries]).toEqual([560, 1]);
});
