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
/** Everything of it that a page may import. */
const ENTRIES = [
  'index',
  'element/index',
  'core/index',
  'core/diagnosis',
  'core/handoff',
  'redirect',
  'early',
];

/** @param plugins What the modules go through otherwise. */
export function bundledSource(plugins: readonly Plugin[]): Plugin | null {
  if (process.env[BUNDLED] !== '1') return null;
  let bundle: Promise<ReadonlyMap<string, Rolldown.OutputChunk>> | null = null;
  return {
    name: 'bundled-source',
    enforce: 'pre',
    resolveId(id, importer) {
      if (importer?.startsWith(PREFIX) === true) return id.startsWith('./') ? PREFIX + id.slice(2) : null;
      const entry = ENTRIES.find((name) => id === `${SOURCE}${name}.ts`);
      return entry === undefined || importer === undefined || needsModules(importer)
        ? null
        : PREFIX + fileOf(entry);
    },
    async load(id) {
      if (!id.startsWith(PREFIX)) return null;
      bundle ??= makeBundle(plugins);
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

async function makeBundle(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, Rolldown.OutputChunk>> {
  const entry = Object.fromEntries(ENTRIES.map((name) => [fileOf(name), `${SOURCE}${name}.ts`]));
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

function fileOf(entry: string): string {
  return `${entry.replace('/', '-')}.js`;
}
