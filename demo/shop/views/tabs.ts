/** One tab per vendor, each a page with an address of its own. */
import { html, type Html } from '../html.js';
import { settingsQuery, type PageSettings, type ShopVendor } from '../../pages/settings.js';

const TABS: Readonly<Record<ShopVendor, readonly [label: string, vendor: string]>> = {
  ledgerbee: ['Plans', 'LedgerBee'],
  siglume: ['Templates', 'Siglume'],
  ledyer: ['For the wall', 'Ledyer'],
};

/** How the page looks goes along from tab to tab. */
export function tabs({ vendor: current, lang, dir, scheme }: PageSettings): Html {
  return html`<nav class="tabs" aria-label="What we sell">
    <ul>
      ${Object.entries(TABS).map(([vendor, [label, by]]) => {
        const query = settingsQuery({ vendor: vendor as ShopVendor, lang, dir, scheme });
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
