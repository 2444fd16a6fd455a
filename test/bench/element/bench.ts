/** The element's budgets that are speeds: the built files in a real Chromium, against the vendor's own snippet. */
import { chromium, type LaunchOptions } from 'playwright';
import { buildElement } from '../../support/build-element.js';
import { requireBrowser } from '../../support/find-browser.js';
import { machine, type Figure, type Report } from '../report.js';
import type { Say } from '../run.js';
import { measureHundredEmbeds } from './hundred-embeds.js';
import { measurePageLoaded } from './page-loaded.js';
import { startServers } from './servers.js';

export async function benchElement(say: Say): Promise<Omit<Report, 'date'>> {
  const { executablePath } = requireBrowser();
  const launch: LaunchOptions = executablePath === undefined ? {} : { executablePath };
  const { element, early } = await buildElement();
  const servers = await startServers([...element.needed, ...element.lazy]);
  const browser = await chromium.launch(launch);
  try {
    const inline = early.needed.map(({ code }) => code).join('');
    const figures: Figure[] = [
      //...(await measurePageLoaded(browser, servers, inline, say)),
      ...(await measureHundredEmbeds(chromium, launch, servers, inline, 4, say)),
    ];
    return { machine: machine(browser.version()), figures };
  } finally {
    await browser.close();
    await servers.close();
  }
}
