/** The README's examples in its text: for Node, and for tests in a browser. */

export type ReadmeBlock =
  | 'page'
  | 'backend'
  | 'test-kit'
  | 'adopted'
  | 'start'
  | 'stream'
  | 'room'
  | 'redirect'
  | 'confirmation'
  | 'policy'
  | 'nonce'
  | 'permissions'
  | 'sandbox';

/** @throws {Error} when the text has no code block under the mark `<!-- readme:name -->`. */
export function blockIn(text: string, name: ReadmeBlock): string {
  const block = new RegExp(`<!-- readme:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`README.md has no block marked readme:${name}`);
  return block;
}
