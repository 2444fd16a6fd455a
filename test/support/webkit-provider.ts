/** Has Vitest's browser mode drive WebKitGTK, for which it has no provider. */
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node';
import type { FoundWebKit } from './find-browser.js';
import { reportOf, type ShopReport, type ShopVisit } from './visit-shop.js';
import { WebKitDriver } from './webkit-driver.js';

class WebKitProvider implements BrowserProvider {
  readonly name = 'webkitgtk';
  readonly supportsParallelism = false;
  readonly #found: FoundWebKit;
  #driver: Promise<WebKitDriver> | null = null;

  constructor({ browser }: TestProject, found: FoundWebKit) {
    this.#found = found;
    // Vitest types the commands of tests alone, and these are its own too.
    const register = browser?.registerCommand.bind(browser) as unknown as Register | undefined;
    register?.('__vitest_viewport', async (_, { width, height }: Size) => {
      await (await this.#started()).resize(width, height);
    });
    register?.('__vitest_tab', async (_, options?: { readonly shift?: boolean }) => {
      await (await this.#started()).press('Tab', options?.shift);
    });
    register?.('__vitest_type', async (_, _selector: string, text: string) => {
      if (text !== '{Enter}' && text !== ' ')
        throw new Error(`WebKit's driver has no key for "${text}" yet.`);
      await (await this.#started()).press(text === ' ' ? text : 'Enter');
      return { unreleased: [] };
    });
    register?.('visitShop', (_, visit: ShopVisit) => this.#visit(visit));
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_session: string, url: string): Promise<void> {
    await (await this.#started()).go(url);
  }

  async close(): Promise<void> {
    await (await this.#driver)?.close();
  }

  #started(): Promise<WebKitDriver> {
    return (this.#driver ??= WebKitDriver.start(this.#found));
  }

  async #visit(visit: ShopVisit): Promise<ShopReport> {
    const driver = await this.#started();
    return driver.inNewWindow(visit.url, () => driver.evaluate(reportOf, visit));
  }
}

type Register = (name: string, command: (context: unknown, ...rest: never[]) => Promise<unknown>) => void;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function webkit(found: FoundWebKit): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkitgtk',
    options: {},
    providerFactory: (project) => new WebKitProvider(project, found),
  });
}
