/** What a page has to carry. The figures are printed, so that a log shows where the bytes went. */
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { brotliBytes, buildCore, buildElement, type BuiltEntry } from '../support/build-element.js';

/** Brotli at its best quality, in kB of 1000 bytes: design's budgets. */
const BUDGETS_KB = { element: 12.0, core: 4.0, early: 0.4 } as const;

/** With all that the element ever fetches, and the core's other entries: no budget of the design's, but they must not grow unseen. */
const WHOLE_KB = { element: 44.5, core: 14.5 } as const;

type Name = keyof typeof BUDGETS_KB;

let entries: Readonly<Record<Name, BuiltEntry>>;

beforeAll(async () => {
  const core = await buildCore();
  entries = { ...(await buildElement()), core };
  console.log(['Sizes after brotli, kB:', ...Object.entries(entries).flatMap(lines)].join('\n'));
}, 300_000);

describe('the size of', () => {
  it.each(Object.entries(BUDGETS_KB) as [Name, number][])('%s stays within %d kB', (name, budget) => {
    expect(brotliBytes(entries[name].needed) / 1000).toBeLessThanOrEqual(budget);
  });

  it.each(Object.entries(WHOLE_KB) as [keyof typeof WHOLE_KB, number][])(
    '%s with all that belongs to it stays within %d kB',
    (name, budget) => {
      const { needed, lazy } = entries[name];
      expect(brotliBytes([...needed, ...lazy]) / 1000).toBeLessThanOrEqual(budget);
    },
  );
});

describe('the build', () => {
  it('gives a page no names by the early queue, which is a script among its own', () => {
    const page = {};
    for (const { code } of entries.early.needed) runInNewContext(code, page);
    expect(Object.keys(page)).toEqual([]);
  });

  it('holds no development build of Lit', () => {
    const code = entries.element.needed.map((file) => file.code).join('');
    expect(code).toContain('litElementVersions');
    expect(code).not.toContain('Lit is in dev mode');
  });
});

function lines([name, { needed, lazy }]: [string, BuiltEntry]): string[] {
  const files = [...needed, ...lazy];
  const budget = BUDGETS_KB[name as Name].toFixed(1);
  return [
    `  ${name.padEnd(34)}${kb(brotliBytes(needed))} of ${budget}`,
    ...(files.length === 1
      ? []
      : [
          ...needed.map((file) => `    ${file.name.padEnd(32)}${kb(file.brotliBytes)}`),
          ...lazy.map((file) => `    ${`${file.name}, lazy`.padEnd(32)}${kb(file.brotliBytes)}`),
          `    ${'in all'.padEnd(32)}${kb(brotliBytes(files))} of ${WHOLE_KB[name as keyof typeof WHOLE_KB].toFixed(1)}`,
        ]),
  ];
}

function kb(bytes: number): string {
  return (bytes / 1000).toFixed(2).padStart(6);
}
