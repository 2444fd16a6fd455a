/** Imports go one way. The folders of `src` and what each may import, held by reading the sources. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** What a folder may import: folders of ours, packages, and whether Node's own modules. The longest match counts. */
const RULES: Readonly<
  Record<string, { ours: readonly string[]; packages: readonly string[]; node: boolean }>
> = {
  protocol: { ours: ['protocol'], packages: [], node: false },
  core: { ours: ['core', 'protocol'], packages: [], node: false },
  // Decodes nothing of ours: everything assumed about the vendor's script, and nothing else.
  'element/vendor': { ours: ['element/vendor', 'protocol', 'core'], packages: [], node: false },
  element: {
    ours: ['element', 'element/vendor', 'core', 'protocol', 'early-queue.ts'],
    packages: ['lit'],
    node: false,
  },
  'early-queue.ts': { ours: [], packages: [], node: false },
  'early.ts': { ours: ['early-queue.ts'], packages: [], node: false },
  'index.ts': { ours: ['element', 'core', 'protocol'], packages: [], node: false },
  'redirect.ts': { ours: ['element', 'core', 'protocol'], packages: [], node: false },
  'cdn.ts': { ours: ['index.ts'], packages: [], node: false },
  // The middle of the kit knows no vendor, no web framework and no driver: ports alone.
  fulfillment: {
    ours: ['fulfillment', 'fulfillment/postgres', 'fulfillment/http', 'protocol'],
    packages: [],
    node: true,
  },
  'fulfillment/order-facts.ts': { ours: ['fulfillment', 'protocol'], packages: [], node: false },
  'fulfillment/postgres': {
    ours: ['fulfillment/postgres', 'fulfillment', 'protocol'],
    packages: [],
    node: true,
  },
  'fulfillment/http': { ours: ['fulfillment/http', 'fulfillment', 'protocol'], packages: [], node: true },
  'fulfillment/vendors': { ours: ['fulfillment', 'protocol'], packages: [], node: true },
  'fulfillment/vendors/ledgerbee': {
    ours: ['fulfillment/vendors/ledgerbee', 'fulfillment/vendors', 'fulfillment', 'protocol'],
    packages: [],
    node: true,
  },
  'fulfillment/vendors/ledyer': {
    ours: ['fulfillment/vendors/ledyer', 'fulfillment/vendors', 'fulfillment', 'protocol'],
    packages: [],
    node: true,
  },
  'fulfillment/vendors/siglume': {
    ours: ['fulfillment/vendors/siglume', 'fulfillment/vendors', 'fulfillment', 'protocol'],
    packages: [],
    node: true,
  },
  // The shell's side of the kit. The driver is the host's, and looked for only when it is needed.
  commands: {
    ours: ['commands', 'fulfillment', 'fulfillment/postgres', 'protocol'],
    packages: ['pg'],
    node: true,
  },
  // Loads the merchant's own module, wherever it lies.
  'commands/config-file.ts': { ours: ['commands', 'fulfillment'], packages: ['(computed)'], node: true },
  // The sandboxes are the vendors' side: they know nothing of ours.
  testing: {
    ours: ['testing', 'testing/shared', 'testing/ledgerbee', 'testing/ledyer', 'testing/siglume'],
    packages: [],
    node: true,
  },
  'testing/ledgerbee': {
    ours: ['testing/ledgerbee', 'testing/shared', 'testing'],
    packages: [],
    node: true,
  },
  // Its HTTP, clock and templates are the first sandbox's.
  'testing/shared': { ours: ['testing/shared', 'testing/ledgerbee'], packages: [], node: true },
  'testing/ledyer': {
    ours: ['testing/ledyer', 'testing/shared', 'testing/ledgerbee'],
    packages: [],
    node: true,
  },
  'testing/siglume': {
    ours: ['testing/siglume', 'testing/shared', 'testing/ledgerbee', 'testing'],
    packages: [],
    node: true,
  },
};

const files = sources(SRC);

describe('imports', () => {
  it.each(files)('of %s stay within its rule', (file) => {
    const rule = RULES[ruleOf(file)]!;
    const broken = importsOf(file).filter((specifier) => !allowed(rule, file, specifier));
    expect(broken).toEqual([]);
  });

  it('have a rule for every file', () => {
    expect(files.filter((file) => !(ruleOf(file) in RULES))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  it('form no circle of files, types aside', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file, 'values')
          .filter(isOurs)
          .map((s) => target(file, s)),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

function allowed(rule: (typeof RULES)[string], file: string, specifier: string): boolean {
  if (specifier.startsWith('node:')) return rule.node;
  if (!isOurs(specifier))
    return rule.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  const imported = target(file, specifier);
  const key = ruleOf(imported);
  // A file with a rule of its own still belongs to its folder.
  return rule.ours.includes(key) || (key === imported && rule.ours.includes(dirname(imported)));
}

function isOurs(specifier: string): boolean {
  return specifier.startsWith('.');
}

function target(file: string, specifier: string): string {
  const path = resolve(join(SRC, dirname(file)), specifier).replace(/\.js$/, '.ts');
  return relative(SRC, path).split(sep).join('/');
}

/** The longest key of the rules that holds the file. */
function ruleOf(file: string): string {
  const keys = Object.keys(RULES).filter((key) => file === key || file.startsWith(`${key}/`));
  return keys.sort((a, b) => b.length - a.length)[0] ?? file;
}

function importsOf(file: string, which: 'all' | 'values' = 'all'): string[] {
  const tree = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      if (which === 'all' || !typeOnly) found.push((node.moduleSpecifier as ts.StringLiteral).text);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      found.push(specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : '(computed)');
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(SRC, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
