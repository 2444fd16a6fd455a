/** The element's budgets that are speeds: the built files in a real Chromium, against the vendor's own snippet. */
import { chromium } from 'playwright';
import { buildElement } from '../../support/build-element.js';
import { wholeBrowser } from '../../support/find-browser.js';
import type { Bench } from '../bench.js';
import { machine, type Figure } from '../report.js';
import { measureHundredEmbeds } from './hundred-embeds.js';
import { measureLayoutShift } from './layout-shift.js';
import { measurePageLoaded } from './page-loaded.js';
import { LEAST } from './pages.js';
import { startServers } from './servers.js';

export const benchElement: Bench = async (say, rounds) => {
  const launch = wholeBrowser();
  const { element, early } = await buildElement();
  const inline = early.needed.map(({ code }) => code).join('');
  const servers = await startServers([...element.needed, ...element.lazy, LEAST]);
  const browser = await chromium.launch(launch);
  try {
    // Said as they come too: what follows takes minutes and may fail.
    const tell = (found: readonly Figure[]): readonly Figure[] => {
      for (const { name, value } of found) say(`${name}: ${value.toFixed(3)}`);
      return found;
    };
    const figures = [
      ...tell(await measurePageLoaded({ browser, servers, early: inline, rounds, say })),
      ...tell(await measureLayoutShift(browser, servers, say)),
      ...tell(await measureHundredEmbeds({ launch, servers, early: inline, rounds, say })),
    ];
    return { machine: machine(browser.version()), figures };
  } finally {
    await browser.close();
    await servers.close();
  }
};
