/** What the page shows this time, read from its query: the QA console starts every scenario by a link. */
export const SURFACES = ['cards', 'item', 'forced', 'adopted'] as const;
export type Surface = (typeof SURFACES)[number];

export const TARGETS = ['inline', 'callback', '_blank', '_top'] as const;
export type Target = (typeof TARGETS)[number];

export const ITEMS = ['priced', 'pay-first'] as const;
export type Item = (typeof ITEMS)[number];

export const LANGUAGES = ['en', 'da'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface PageSettings {
  readonly surface: Surface;
  readonly target: Target;
  /** Which of the plan's items a pinned or forced surface shows. */
  readonly item: Item;
  readonly lang: Language;
}

export const DEFAULT_SETTINGS: PageSettings = {
  surface: 'cards',
  target: 'inline',
  item: 'priced',
  lang: 'en',
};

/** Anything that is not on the lists is the default: a query is a stranger's. */
export function readSettings(query: URLSearchParams): PageSettings {
  return {
    surface: oneOf(query.get('surface'), SURFACES, DEFAULT_SETTINGS.surface),
    target: oneOf(query.get('target'), TARGETS, DEFAULT_SETTINGS.target),
    item: oneOf(query.get('item'), ITEMS, DEFAULT_SETTINGS.item),
    lang: oneOf(query.get('lang'), LANGUAGES, DEFAULT_SETTINGS.lang),
  };
}

/** The query that {@link readSettings} reads; defaults are left out. */
export function settingsQuery(settings: PageSettings): string {
  const query = new URLSearchParams();
  for (const name of ['surface', 'target', 'item', 'lang'] as const) {
    if (settings[name] !== DEFAULT_SETTINGS[name]) query.set(name, settings[name]);
  }
  return query.toString();
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[], fallback: T): T {
  return allowed.find((candidate) => candidate === value) ?? fallback;
}
