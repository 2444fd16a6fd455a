/** The README's Content-Security-Policy, with single sources taken out or put in. */
import { readmeBlock, type ReadmeBlock } from './readme.js';

/** A block of the README, for this portal. */
export async function readmeFor(portalOrigin: string, name: ReadmeBlock): Promise<string> {
  return (await readmeBlock(name)).replaceAll('https://acme.portal.ledgerbee.com', portalOrigin);
}

export class StrictPolicy {
  readonly #directives: readonly (readonly [name: string, ...sources: string[]])[];

  private constructor(directives: readonly (readonly [string, ...string[]])[]) {
    this.#directives = directives;
  }

  /** As it is documented, for this portal. */
  static async ofReadme(portalOrigin: string): Promise<StrictPolicy> {
    const text = await readmeFor(portalOrigin, 'policy');
    return new StrictPolicy(text.split(';').map((line) => line.trim().split(/\s+/) as [string, ...string[]]));
  }

  /** Each directive with each of its sources: what is promised to be needed. */
  get sources(): readonly (readonly [name: string, source: string])[] {
    return this.#directives.flatMap(([name, ...sources]) => sources.map((source) => [name, source] as const));
  }

  /** The header's value. */
  get header(): string {
    return this.#directives.map((directive) => directive.join(' ')).join('; ');
  }

  /** A directive that has no source left goes too. */
  without(name: string, source: string): StrictPolicy {
    const sources = this.#sourcesOf(name);
    if (!sources.includes(source)) throw new Error(`${name} has no ${source}`);
    return this.#with(
      name,
      sources.filter((one) => one !== source),
    );
  }

  /** In place of what stands there. A directive that is new comes last. */
  setting(name: string, ...sources: readonly string[]): StrictPolicy {
    return this.#with(name, sources);
  }

  adding(name: string, source: string): StrictPolicy {
    return this.#with(name, [...this.#sourcesOf(name), source]);
  }

  #sourcesOf(name: string): readonly string[] {
    return this.#directives.find(([one]) => one === name)?.slice(1) ?? [];
  }

  #with(name: string, sources: readonly string[]): StrictPolicy {
    const others = this.#directives.filter(([one]) => one !== name);
    return new StrictPolicy(sources.length === 0 ? others : [...others, [name, ...sources]]);
  }
}
