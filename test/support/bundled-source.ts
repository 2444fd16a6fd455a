/**
 * The package's browser half as a few files in place of some hundred modules. Each test file has a page of its own,
 * which fetches them all again: in two browsers that was a tenth of the time.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

/** Set by `npm test`. Without it the modules are served as they are: whoever is at work changes them. */
export const BUNDLED = 'CHECKOUT_EMBED_BUNDLED';

const PREFIX = '\0bundled/';
const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
/**
 * @param entries The files of all that a page may import.
 * @param plugins What the modules go through otherwise.
 */
export function bundledSource(entries: readonly string[], plugins: readonly Plugin[]): Plugin | null {
  if (process.env[BUNDLED] !== '1') return null;
  let bundle: Promise<ReadonlyMap<string, Rolldown.OutputChunk>> | null = null;
  return {
    name: 'bundled-source',
    enforce: 'pre',
    resolveId(id, importer) {
      if (importer?.startsWith(PREFIX) === true) return id.startsWith('./') ? PREFIX + id.slice(2) : null;
      if (importer === undefined || !entries.includes(id) || needsModules(importer)) return null;
      return PREFIX + bundleOf(id);
    },
    async load(id) {
      if (!id.startsWith(PREFIX)) return null;
      bundle ??= makeBundle(entries, plugins);
      const chunk = (await bundle).get(id.slice(PREFIX.length));
      return chunk === undefined ? null : { code: chunk.code, map: chunk.map };
    },
  };
}

/** A test that puts something in a module's place. */
function needsModules(importer: string): boolean {
  const [path = ''] = importer.split('?');
  return path.startsWith(SOURCE) || readFileSync(path, 'utf8').includes("vi.mock('../../src/");
}

async function makeBundle(
  entries: readonly string[],
  plugins: readonly Plugin[],
): Promise<ReadonlyMap<string, Rolldown.OutputChunk>> {
  const entry = Object.fromEntries(entries.map((file) => [bundleOf(file), file]));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [...plugins],
    build: {
      write: false,
      minify: false,
      sourcemap: true,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        // The tests have theirs, and it must be the same.
        external: /^lit/,
        output: { entryFileNames: '[name]', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  const chunks = outputs.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
  return new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
}

/** The name of what is made of a source file. */
function bundleOf(file: string): string {
  return file.slice(SOURCE.length).replaceAll('/', '-').replace(/ts$/, 'js');
}
