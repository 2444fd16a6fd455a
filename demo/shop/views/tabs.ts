/** One tab per vendor, each a page with an address of its own. */
import { html, type Html } from '../html.js';
import { wordsOf } from '../words.js';
import { settingsQuery, type PageSettings, type ShopVendor } from '../../pages/settings.js';

const VENDORS: Readonly<Record<ShopVendor, string>> = {
  ledgerbee: 'LedgerBee',
  siglume: 'Siglume',
  ledyer: 'Ledyer',
};

/** How the page looks goes along from tab to tab. */
export function tabs({ vendor: current, lang, dir, scheme }: PageSettings): Html {
  const words = wordsOf({ lang });
  return html`<nav class="tabs" aria-label="${words.nav}">
    <ul>
      ${Object.entries(VENDORS).map(([name, by]) => {
        const vendor = name as ShopVendor;
        const label = words.tabs[vendor];
        const query = settingsQuery({ vendor, lang, dir, scheme });
        const href = query === '' ? '/' : `/?${query}`;
        return html`<li>
          <a href="${href}" ${vendor === current ? html`aria-current="page"` : null}
            ><span data-label="${label}">${label}</span> <small>${by}</small></a
          >
        </li>`;
      })}
    </ul>
  </nav>`;
}
