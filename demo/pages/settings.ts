/** What the page shows this time, read from its query: the QA console starts everything by a link. */

/** Every setting with its values; the first is the default. */
export const SETTINGS = {
  /** Whose tab of the shop. */
  vendor: ['ledgerbee', 'siglume', 'ledyer'],
  /** Siglume's tab: a price that settles at once, or a small one, which would settle weekly. */
  price: ['usual', 'small'],
  /** Ledyer's tab: whether a second person of the buyer's company must sign. */
  signatory: ['none', 'asked'],
  surface: ['cards', 'item', 'forced', 'adopted'],
  /** `gated` hands over a whole embed URL, as a backend that resolved the plan for its buyer does. */
  plan: ['public', 'gated'],
  target: ['inline', 'callback', '_blank', '_top'],
  /** Which of the plan's items a pinned or forced surface shows. */
  item: ['priced', 'pay-first'],
  cta: ['link', 'callback'],
  lang: ['en', 'da'],
  dir: ['ltr', 'rtl'],
  scheme: ['system', 'light', 'dark'],
  /** Deadlines of the element: its own, short ones, or none after the state to stay in. */
  patience: ['usual', 'short', 'loading', 'slow'],
  /** `far`: the checkout is lazy and below what can be seen. */
  place: ['near', 'far'],
  /** `own`: the merchant has a step between the cards and the checkout. */
  step: ['none', 'own'],
  /** `cut`: the page says in its browser's place that there is no line. */
  line: ['real', 'cut'],
  /** What is wrong with the markup. */
  markup: [
    'sound',
    'sandboxed',
    'lazy-frame',
    'no-script',
    'integrity',
    'late',
    'bad-portal',
    'http-portal',
    'no-plan',
    'bad-plan',
    // Of the snippet's frame, as the first two are.
    'no-src',
  ],
  /** What the page's own headers forbid; `probe` lets the element ask the portal how it is. */
  policy: ['strict', 'probe', 'frame-src', 'script-src', 'connect-src', 'trusted-types', 'coep'],
} as const;
export type SettingName = keyof typeof SETTINGS;

export type PageSettings = { readonly [Name in SettingName]: (typeof SETTINGS)[Name][number] };
export type Item = PageSettings['item'];
export type ShopVendor = PageSettings['vendor'];

/** LedgerBee's scripted buyers, by what each does; the sandbox's scenario has `buyer-` before it. */
export const ROBOTS = ['chooses', 'confirms', 'leaves'] as const;
export type Robot = (typeof ROBOTS)[number];

/** Anything that is not on the lists is the default: a query is a stranger's. */
export function readSettings(query: URLSearchParams): PageSettings {
  const entries = Object.entries(SETTINGS).map(([name, values]) => [
    name,
    values.find((value) => value === query.get(name)) ?? values[0],
  ]);
  return Object.fromEntries(entries) as PageSettings;
}

/** The query that {@link readSettings} reads; defaults are left out. */
export function settingsQuery(settings: Partial<PageSettings>): string {
  const chosen = Object.entries(settings).filter(
    ([name, value]) => value !== SETTINGS[name as SettingName][0],
  );
  return new URLSearchParams(chosen).toString();
}

/** What goes along from page to page of one journey: how the shop is set, what is assumed, and the console's way. */
export function keptQuery(query: URLSearchParams): string {
  const kept = new URLSearchParams(settingsQuery(readSettings(query)));
  for (const name of ['assume', 'way']) for (const value of query.getAll(name)) kept.append(name, value);
  return kept.toString();
}
