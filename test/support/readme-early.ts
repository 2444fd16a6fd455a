/**
 * The README's page with a pasted snippet: the early queue in it is the file that is built.
 */
import { buildElement } from './build-element.js';
import { blockIn } from './readme-blocks.js';

/** @throws {Error} when the README's page has no inline script to be it. */
export async function withEarlyQueue(readme: string): Promise<string> {
  const { early } = await buildElement();
  const script = early.needed[0]!.code.replace(/\n?\/\/# sourceMappingURL=.*/, '').trim();
  const block = blockIn(readme, 'adopted');
  const filled = block.replace(/<script>[^]*?<\/script>/, () => `<script>${script}</script>`);
  if (!filled.includes(script)) throw new Error('README.md has no place for the early queue');
  return readme.replace(block, () => filled);
}
