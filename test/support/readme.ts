/** The README's examples, as they are written there. */
import { readFile } from 'node:fs/promises';
import { blockIn, type ReadmeBlock } from './readme-blocks.js';

export type { ReadmeBlock } from './readme-blocks.js';

/** @throws {Error} when the README has no code block under the mark `<!-- readme:name -->`. */
export async function readmeBlock(name: ReadmeBlock): Promise<string> {
  return blockIn(await readFile(new URL('../../README.md', import.meta.url), 'utf8'), name);
}
