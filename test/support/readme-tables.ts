/**
 * The README's tables of the elements, from the manifest, between `<!-- manifest:… -->` and `<!-- /manifest -->`.
 * `npm run docs` writes them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../runner/suite.js';
import { formatReadme } from './format-readme.js';
import {
  declarationsOf,
  elementOf,
  makeManifest,
  type ElementDeclaration,
  type Item,
  type Manifest,
} from './manifest.js';
import { withEarlyQueue } from './readme-early.js';
import { table, withLists } from './readme-lists.js';
import { withTopics } from './readme-topics.js';

export const README = join(ROOT, 'README.md');

type MakeTable = (element: ElementDeclaration, manifest: Manifest) => string;

const MAKERS = {
  attributes: (element) =>
    table(
      ['Attribute', 'Type', 'Means', 'Default'],
      byProperty(element.attributes).map((one) => [
        code(one.name),
        // Left out is left out: there is no value `null`.
        typeOf(one).replace(' \\| null', ''),
        says(one),
        code(one.default),
      ]),
    ),
  properties: (element) =>
    table(
      ['Property or method', 'Type', 'Means'],
      element.members
        .filter((one) => one.attribute === undefined && one.static !== true)
        .map((one) => [code(one.kind === 'method' ? `${one.name}()` : one.name), typeOf(one), says(one)]),
    ),
  states: (element) =>
    table(
      ['State (`data-state`, `:state()`)', 'Means'],
      element.cssStates.map((one) => [code(one.name), says(one)]),
    ),
  events: (element, manifest) =>
    table(
      ['Event', 'Fields', 'Means', '`preventDefault()` prevents'],
      element.events.map((one) => {
        const fields = declarationsOf(manifest).find(({ name }) => name === one.type.text)?.members ?? [];
        const [means = '', prevented = ''] = says(one).split(/\s*Default: /);
        return [
          code(one.name),
          fields
            .filter(({ kind }) => kind === 'field')
            .map(({ name }) => code(name))
            .join(', '),
          means,
          prevented.replace(/\.$/, ''),
        ];
      }),
    ),
  slots: (element) =>
    table(
      ['Slot', 'Takes'],
      named(element.slots, (name) => code(name) || '(default)'),
    ),
  parts: (element) => table(['Part', 'Is'], named(element.cssParts, code)),
  variables: (element) =>
    table(
      ['CSS variable', 'Means', 'Default'],
      element.cssProperties.map((one) => [code(one.name), says(one), code(one.default)]),
    ),
} as const satisfies Record<string, MakeTable>;

/** By the name of their place: those of the frame, and those of the button that leaves the page. */
const TABLES: Readonly<Record<string, (manifest: Manifest) => string>> = {
  ...tablesOf('checkout-embed', ''),
  ...tablesOf('checkout-redirect', 'redirect-', [
    'attributes',
    'properties',
    'states',
    'events',
    'slots',
    'parts',
  ]),
};

function tablesOf(
  tag: string,
  prefix: string,
  names = Object.keys(MAKERS) as readonly (keyof typeof MAKERS)[],
): Record<string, (manifest: Manifest) => string> {
  const makers = MAKERS as Readonly<Record<keyof typeof MAKERS, MakeTable>>;
  return Object.fromEntries(
    names.map((name) => [
      prefix + name,
      (manifest: Manifest) => makers[name](elementOf(manifest, tag), manifest),
    ]),
  );
}

/** @throws {Error} when a table has no place in the README, or a place no table. */
export async function withTables(readme: string, manifest: Manifest): Promise<string> {
  const missing = new Set(Object.keys(TABLES));
  const text = readme.replace(
    /(<!-- manifest:([\w-]+) -->)[^]*?(<!-- \/manifest -->)/g,
    (_, start: string, name: string, end: string) => {
      const make = TABLES[name];
      if (make === undefined) throw new Error(`README.md asks for a table ${name}; there is none`);
      missing.delete(name);
      return `${start}\n\n${make(manifest)}\n\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`README.md has no place for ${[...missing].join(', ')}`);
  return formatReadme(text);
}

/** The element's own attributes first, then those of every element. */
function byProperty<T extends { readonly fieldName?: string }>(attributes: readonly T[]): readonly T[] {
  const own = attributes.filter(({ fieldName }) => fieldName !== undefined);
  return [...own, ...attributes.filter((one) => !own.includes(one))];
}

/** Neighbors that say the same, one for each of some states, share a row. */
function named(items: readonly Item[], nameOf: (name: string) => string): string[][] {
  const family = ({ name }: Item): string => name.replace(/-\w+$/, '');
  return items.flatMap((item) => {
    const alike = items.filter((one) => says(one) === says(item) && family(one) === family(item));
    if (alike.length === 1) return [[nameOf(item.name), says(item)]];
    return alike[0] === item ? [[nameOf(`${family(item)}-<state>`), says(item)]] : [];
  });
}

/** On one line, in a cell. */
function says({ description = '' }: Item): string {
  return description.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function typeOf({ type }: Item): string {
  return code(type?.text.replaceAll('|', '\\|'));
}

function code(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = withLists(withTopics(await readFile(README, 'utf8')));
  await writeFile(README, await withTables(await withEarlyQueue(words), await makeManifest()));
}
