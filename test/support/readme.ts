/** The README's examples, as they are written there. */
import { readFile } from 'node:fs/promises';

export type ReadmeBlock =
  'page' | 'backend' | 'redirect' | 'confirmation' | 'policy' | 'nonce' | 'permissions' | 'sandbox';

/** @throws {Error} when the README has no code block under the mark `<!-- readme:name -->`. */
export async function readmeBlock(name: ReadmeBlock): Promise<string> {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const block = new RegExp(`<!-- readme:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`README.md has no block marked readme:${name}`);
  return block;
}
