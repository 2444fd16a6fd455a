/** The browser half as a merchant's page gets it: Vite's own library build, kept in memory. */
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type InlineConfig, type Rolldown } from 'vite';

const CONFIG = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
const CORE = fileURLToPath(new URL('../../src/core/index.ts', import.meta.url));

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

/** The files of `dist/cdn`: the registering element with Lit inside, and the early queue. */
export async function buildElement(): Promise<{ readonly element: BuiltEntry; readonly early: BuiltEntry }> {
  const chunks = await buildChunks({ write: false });
  return { element: entryOf(chunks, 'checkout-embed'), early: entryOf(chunks, 'early') };
}

/** `checkout-embed/core` as a bundler would put it into a page. */
export async function buildCore(): Promise<BuiltEntry> {
  const chunks = await buildChunks({ write: false, lib: { entry: CORE, fileName: 'core', formats: ['es'] } });
  return entryOf(chunks, 'core');
}

export function brotliBytes(files: readonly BuiltFile[]): number {
  return files.reduce((sum, file) => sum + file.brotliBytes, 0);
}

async function buildChunks(options: InlineConfig['build']): Promise<readonly Rolldown.OutputChunk[]> {
  const built = await build({
    configFile: CONFIG,
    logLevel: 'silent',
    // Where NODE_ENV says `test`, Vite would take Lit's development build.
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: { ...options, sourcemap: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  return outputs.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
}

function entryOf(chunks: readonly Rolldown.OutputChunk[], name: string): BuiltEntry {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const entry = byFile.get(`${name}.js`);
  if (entry === undefined) throw new Error(`the build gave no ${name}.js`);
  const needed = reached([entry], ({ imports }) => imports, byFile);
  const all = reached([entry], ({ imports, dynamicImports }) => [...imports, ...dynamicImports], byFile);
  return {
    needed: [...needed].map(builtFile),
    lazy: [...all].filter((chunk) => !needed.has(chunk)).map(builtFile),
  };
}

function reached(
  start: readonly Rolldown.OutputChunk[],
  next: (chunk: Rolldown.OutputChunk) => readonly string[],
  byFile: ReadonlyMap<string, Rolldown.OutputChunk>,
): ReadonlySet<Rolldown.OutputChunk> {
  const seen = new Set(start);
  // A set that grows is walked to its end.
  for (const chunk of seen) {
    for (const file of next(chunk)) {
      const found = byFile.get(file);
      if (found !== undefined) seen.add(found);
    }
  }
  return seen;
}

function builtFile({ fileName, code }: Rolldown.OutputChunk): BuiltFile {
  const compressed = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { name: fileName, code, brotliBytes: compressed.byteLength };
}
