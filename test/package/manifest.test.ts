/** The manifest and the README say all that a page can use, and nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckoutEmbed } from 'checkout-embed/element';
import { CheckoutRedirect } from 'checkout-embed/redirect';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT_STATES } from '../../src/core/attempt-states.js';
import { REDIRECT_STATES } from '../../src/core/redirect-machine.js';
import { DEFAULTS } from '../../src/element/checkout-config.js';
import * as events from '../../src/element/events.js';
import * as redirectEvents from '../../src/element/redirect-events.js';
import { ROOT } from '../runner/suite.js';
import { elementOf, makeManifest, type ElementDeclaration, type Manifest } from '../support/manifest.js';
import { README, withTables } from '../support/readme-tables.js';

/** Of every element. */
const GLOBAL = ['nonce'];

let manifest: Manifest;
let element: ElementDeclaration;
let source = '';

beforeAll(async () => {
  manifest = await makeManifest();
  element = elementOf(manifest);
  const folder = join(ROOT, 'src', 'element');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  source = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
});

describe('the manifest', () => {
  it('names every observed attribute, with its type and what it means', () => {
    const observed = element.attributes.filter(({ name }) => !GLOBAL.includes(name));
    expect(observed.map(({ name }) => name).sort()).toEqual([...CheckoutEmbed.observedAttributes].sort());
    expect(element.attributes.filter(({ type, description }) => !type || !description)).toEqual([]);
  });

  it('tells the defaults that the code has', () => {
    const told = element.members.filter(({ name }) => name in DEFAULTS);
    expect(Object.fromEntries(told.map((one) => [one.name, Number(one.default)]))).toEqual(DEFAULTS);
  });

  it('spells out the words that an attribute takes', () => {
    const types = Object.fromEntries(element.attributes.map(({ name, type }) => [name, type?.text]));
    expect(types['target']).toBe("'inline' | 'callback' | '_top' | '_blank' | null");
    expect(types['loading']).toBe("'eager' | 'lazy' | null");
  });

  it('names every event with its class, and says what can be prevented', () => {
    const classes = Object.values(events).filter(({ name }) => name !== 'CheckoutEvent') as unknown as (new (
      fields: object,
    ) => Event)[];
    const expected = classes.map((Class) => {
      const { type, cancelable } = new Class({});
      return [type, Class.name, cancelable];
    });
    const told = element.events.map(({ name, type, description = '' }) => [
      name,
      type.text,
      description.includes('Default: '),
    ]);
    expect(told.sort()).toEqual(expected.sort());
    expect(element.events.filter(({ description }) => !description)).toEqual([]);
  });

  it('names every state, and a slot for each', () => {
    const names = (items: readonly { readonly name: string }[]): string[] =>
      items.map(({ name }) => name).sort();
    expect(names(element.cssStates)).toEqual([...CHECKOUT_STATES].sort());
    expect(names(element.slots)).toEqual(['', ...CHECKOUT_STATES].sort());
  });

  it('names every part that is drawn, and no other', () => {
    const drawn = [...source.matchAll(/ part="([^"]+)"/g)].flatMap(([, parts = '']) => parts.split(' '));
    const families = drawn.filter((name) => name.endsWith('-${state}')).map((name) => name.split('$')[0]!);
    const told = element.cssParts.map(({ name }) => name);
    expect(told).toEqual(expect.arrayContaining(drawn.filter((name) => !name.includes('$'))));
    const states = CHECKOUT_STATES.flatMap((state) => families.map((family) => family + state));
    expect(told.filter((name) => !drawn.includes(name) && !states.includes(name))).toEqual([]);
    for (const family of families) expect(told.some((name) => name.startsWith(family))).toBe(true);
  });

  it('names every variable of the styles, with a default that stands there', () => {
    const used = [...source.matchAll(/var\((--checkout-embed-[\w-]+), (.+)/g)];
    const told = element.cssProperties.map(({ name }) => name);
    expect(told.sort()).toEqual([...new Set(used.map(([, name]) => name!))].sort());
    const wrong = element.cssProperties.filter(
      (one) => !used.some(([, name, rest]) => name === one.name && rest!.includes(one.default ?? '?')),
    );
    expect(wrong).toEqual([]);
  });

  it('says of every property and method what it means', () => {
    expect(element.members.filter(({ description }) => !description)).toEqual([]);
    expect(element.members.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['state', 'diagnosis', 'frame', 'ready', 'outcome', 'retry', 'resume', 'reset']),
    );
  });

  it('says the same of the button that leaves the page', async () => {
    const redirect = elementOf(manifest, 'checkout-redirect');
    const names = (items: readonly { readonly name: string }[]): string[] =>
      items.map(({ name }) => name).sort();
    expect(names(redirect.attributes)).toEqual([...CheckoutRedirect.observedAttributes].sort());
    expect(names(redirect.cssStates)).toEqual([...REDIRECT_STATES].sort());
    // The button's own words are the slot without a name.
    expect(names(redirect.slots)).toEqual(
      ['', ...REDIRECT_STATES.filter((state) => state !== 'idle')].sort(),
    );
    const styles = CheckoutRedirect.styles.map(({ cssText }) => cssText).join();
    const used = [...styles.matchAll(/--checkout-embed-[\w-]+/g)].map(([name]) => name);
    expect(names(redirect.cssProperties)).toEqual([...new Set(used)].sort());
    // The README says so in a sentence.
    const own = names(element.cssProperties).filter((name) => !/-(min|strip)-height$/.test(name));
    expect(names(redirect.cssProperties)).toEqual(own);
    const view = await readFile(join(ROOT, 'src', 'element', 'redirect-view.ts'), 'utf8');
    const drawn = [...view.matchAll(/ part="([^"]+)"/g)].flatMap(([, parts = '']) => parts.split(' '));
    expect(names(redirect.cssParts)).toEqual(
      expect.arrayContaining(drawn.filter((name) => !name.includes('$'))) as string[],
    );
    const ownEvents = Object.values(redirectEvents).map(({ name }) => name);
    expect(redirect.events.map(({ type }) => type.text)).toEqual(expect.arrayContaining(ownEvents));
    for (const items of [redirect.attributes, redirect.members, redirect.events, redirect.cssParts]) {
      expect(items.filter(({ description }) => !description)).toEqual([]);
    }
  });

  it('holds nothing but the tags and their events', () => {
    expect(JSON.stringify(manifest)).not.toMatch(/"#|AttributedElement|AttributedRedirect|"src\//);
    expect(element.tagName).toBe('checkout-embed');
    const definitions = JSON.stringify(manifest).match(/"custom-element-definition"/g);
    expect(definitions).toHaveLength(2);
  });
});

describe('the README', () => {
  it('has the tables that the manifest gives; `npm run docs` writes them', async () => {
    const readme = await readFile(README, 'utf8');
    expect(readme).toBe(await withTables(readme, manifest));
  });
});
