/** The browser half as a merchant's page gets it: Vite's own library build, kept in memory. */
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type InlineConfig, type Rolldown } from 'vite';

const CONFIG = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
const CORE = fileURLToPath(new URL('../../src/core/', import.meta.url));

export interface BuiltFile {
  readonly name: string;
  readonly code: string;
  /** Bytes after brotli at its best quality, as a CDN keeps it. */
  readonly brotliBytes: number;
}

/** What a page must have before the entry's first line runs, and what may come later. */
export interface BuiltEntry {
  /** The entry itself first, then all that it imports statically. */
  readonly needed: readonly BuiltFile[];
  /** Everything else that it can ever import. */
  readonly lazy: readonly BuiltFile[];
}

/** The files of `dist/cdn`: the registering element with Lit inside, what it fetches later, and the early queue. */
export async function buildElement(): Promise<{ readonly element: BuiltEntry; readonly early: BuiltEntry }> {
  const files = await buildFiles({ write: false });
  const element = named(files, 'checkout-embed.js');
  const early = named(files, 'early.js');
  return {
    element: { needed: [element], lazy: files.filter((file) => file !== element && file !== early) },
    early: { needed: [early], lazy: [] },
  };
}

/** `checkout-embed/core` as a bundler would put it into a page, and below it what its other entries would. */
export async function buildCore(): Promise<BuiltEntry> {
  const [core, ...others] = await Promise.all(['index', 'diagnosis', 'handoff'].map(buildCoreEntry));
  return { needed: [core!], lazy: others };
}

async function buildCoreEntry(name: string): Promise<BuiltFile> {
  const entry = `${CORE}${name}.ts`;
  const files = await buildFiles({ write: false, lib: { entry, fileName: name, formats: ['es'] } });
  return { ...named(files, `${name}.js`), name: `core/${name}.js` };
}

export function brotliBytes(files: readonly BuiltFile[]): number {
  return files.reduce((sum, file) => sum + file.brotliBytes, 0);
}

/** @throws {Error} where the first file imports another statically: it would have to wait for that. */
async function buildFiles(options: InlineConfig['build']): Promise<readonly BuiltFile[]> {
  const built = await build({
    configFile: CONFIG,
    logLevel: 'silent',
    build: { ...options, sourcemap: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  const files = outputs.flatMap(({ output }) => output).filter(({ fileName }) => fileName.endsWith('.js'));
  return files.map((file) => {
    if (file.type === 'chunk' && file.imports.length > 0) {
      throw new Error(`${file.fileName} waits for ${file.imports.join(', ')}`);
    }
    return builtFile(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  });
}

function named(files: readonly BuiltFile[], name: string): BuiltFile {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`the build gave no ${name}`);
  return found;
}

function builtFile(name: string, code: string): BuiltFile {
  const compressed = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { name, code, brotliBytes: compressed.byteLength };
}
