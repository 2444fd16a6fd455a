/** The custom-elements manifest, made anew from the source. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { bin, ROOT } from '../runner/suite.js';

/** One thing that a page can use: an attribute, a part, an event … */
export interface Item {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

export interface Member extends Item {
  readonly kind: 'field' | 'method';
  readonly static?: boolean;
  readonly readonly?: boolean;
  /** The attribute of the same value. */
  readonly attribute?: string;
}

export interface Declaration extends Item {
  readonly members?: readonly Member[];
}

export interface ElementDeclaration extends Declaration {
  readonly tagName: string;
  readonly members: readonly Member[];
  readonly attributes: readonly (Item & { readonly fieldName?: string })[];
  readonly events: readonly (Item & { readonly type: { readonly text: string } })[];
  readonly slots: readonly Item[];
  readonly cssParts: readonly Item[];
  readonly cssProperties: readonly Item[];
  readonly cssStates: readonly Item[];
}

export interface Manifest {
  readonly modules: readonly { readonly path: string; readonly declarations?: readonly Declaration[] }[];
}

export async function makeManifest(): Promise<Manifest> {
  const folder = await mkdtemp(join(tmpdir(), 'checkout-embed-manifest-'));
  try {
    const analyzer = bin('@custom-elements-manifest/analyzer', 'cem.js');
    const args = [analyzer, 'analyze', '--quiet', '--outdir', relative(ROOT, folder)];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    return JSON.parse(await readFile(join(folder, 'custom-elements.json'), 'utf8')) as Manifest;
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function declarationsOf({ modules }: Manifest): readonly Declaration[] {
  return modules.flatMap(({ declarations = [] }) => declarations);
}

/** @throws {Error} when the manifest does not hold the element. */
export function elementOf(manifest: Manifest, tag = 'checkout-embed'): ElementDeclaration {
  const found = declarationsOf(manifest).find((one) => 'tagName' in one && one.tagName === tag);
  if (found === undefined) throw new Error(`the manifest holds no ${tag}`);
  return found as ElementDeclaration;
}
