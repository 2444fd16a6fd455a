/** What the shop says, in the languages that its checkouts speak by themselves. The QA console is a developer's, and English. */
import type { PageSettings } from '../pages/settings.js';

export type Language = PageSettings['lang'];

/** What is emphasized, and the rest of the sentence. */
type Fact = readonly [strong: string, rest: string];

/** Above a page's goods. */
interface Pitch {
  readonly title: string;
  readonly eyebrow: string;
  readonly heading: string;
  readonly lede: string;
  readonly facts: readonly Fact[];
}

export interface Words {
  /** Of dates and prices. */
  readonly locale: string;
  readonly skipTo: string;
  readonly qaConsole: string;
  readonly logInAs: string;
  readonly logOut: string;
  readonly nav: string;
  readonly tabs: Readonly<Record<PageSettings['vendor'], string>>;
  readonly foot: string;
  readonly order: string;
  readonly plans: Pitch & { readonly skip: string; readonly choose: string; readonly terms: string };
  readonly step: { readonly heading: string; readonly question: string };
  readonly templates: Pitch & { readonly skip: string; readonly paidFrom: string };
  readonly planners: Pitch & {
    readonly skip: string;
    readonly basket: string;
    readonly for: string;
    readonly unavailable: string;
    readonly buy: string;
    readonly item: string;
    readonly price: string;
    readonly total: string;
  };
  readonly confirmation: { readonly skip: string; readonly lines: string; readonly invoice: string };
  readonly access: {
    readonly heading: string;
    readonly none: string;
    readonly logIn: string;
    readonly since: string;
  };
  /** By the id of a product or the reference of an order's line: the vendors are told them in English. */
  readonly goods: Readonly<Record<string, string>>;
}

const en: Words = {
  locale: 'en-GB',
  skipTo: 'Skip to',
  qaConsole: 'the QA console',
  logInAs: 'Log in as',
  logOut: 'Log out',
  nav: 'What we sell',
  tabs: { ledgerbee: 'Plans', siglume: 'Templates', ledyer: 'For the wall' },
  foot: 'Plumbline is a made-up shop. Nothing here is charged, and nothing leaves this machine.',
  order: 'Order',
  plans: {
    title: 'Plumbline Pro: the week of a small studio on one page',
    skip: 'the plans',
    eyebrow: 'Plumbline Pro',
    heading: 'The whole studio’s week, on one page.',
    lede: 'Plumbline shows who works on what, what is about to slip and what it will cost. Made for design and architecture studios of two to twenty-five people.',
    facts: [
      ['One timeline', 'for every project'],
      ['Hours', 'that become an invoice'],
      ['No setup', 'beyond a Monday morning'],
    ],
    choose: 'Choose your plan',
    terms: 'Cancel at the end of any month.',
  },
  step: { heading: 'One question before you pay', question: 'Which studio is this for?' },
  templates: {
    title: 'The fee proposal pack · Plumbline',
    skip: 'the price',
    eyebrow: 'Templates',
    heading: 'Fee proposals that clients sign.',
    lede: 'Forty proposals of working studios, from a kitchen to a town hall, with every number explained. Fill in the hours; the fee follows.',
    facts: [
      ['40 documents', 'to edit in any word processor'],
      ['One sheet', 'that turns hours into a fee'],
      ['Yours', 'for good, updates too'],
    ],
    paidFrom: 'Paid from your Siglume wallet.',
  },
  planners: {
    title: 'The studio wall set · Plumbline',
    skip: 'the basket',
    eyebrow: 'For the wall',
    heading: 'The plan, where everyone walks by.',
    lede: 'Two planners of enameled steel, a rail that holds them, and marks for sixty weeks of work. Delivered in a week; your company pays by invoice.',
    facts: [],
    basket: 'Your basket',
    for: 'For',
    unavailable: 'The checkout couldn’t be opened, and nothing was ordered. Please try again in a moment.',
    buy: 'To checkout',
    item: 'Item',
    price: 'Price',
    total: 'Total, VAT included',
  },
  confirmation: { skip: 'the order', lines: 'In this order', invoice: 'The invoice comes when we ship.' },
  access: {
    heading: 'My purchases',
    none: 'Nothing yet.',
    logIn: 'Log in to see what was bought on your account.',
    since: 'since',
  },
  goods: {},
};

const da: Words = {
  locale: 'da-DK',
  skipTo: 'Spring til',
  qaConsole: 'QA-konsollen',
  logInAs: 'Log ind som',
  logOut: 'Log ud',
  nav: 'Det sælger vi',
  tabs: { ledgerbee: 'Planer', siglume: 'Skabeloner', ledyer: 'Til væggen' },
  foot: 'Plumbline er en opdigtet butik. Her bliver intet opkrævet, og intet forlader denne maskine.',
  order: 'Ordre',
  plans: {
    title: 'Plumbline Pro: en lille tegnestues uge på én side',
    skip: 'planerne',
    eyebrow: 'Plumbline Pro',
    heading: 'Hele tegnestuens uge på én side.',
    lede: 'Plumbline viser, hvem der arbejder på hvad, hvad der er ved at skride, og hvad det kommer til at koste. Lavet til design- og tegnestuer med to til femogtyve ansatte.',
    facts: [
      ['Én tidslinje', 'for hvert projekt'],
      ['Timer,', 'der bliver til en faktura'],
      ['Ingen opsætning', 'ud over en mandag formiddag'],
    ],
    choose: 'Vælg din plan',
    terms: 'Kan opsiges ved udgangen af hver måned.',
  },
  step: { heading: 'Ét spørgsmål, før du betaler', question: 'Hvilken tegnestue er det til?' },
  templates: {
    title: 'Pakken med honorartilbud · Plumbline',
    skip: 'prisen',
    eyebrow: 'Skabeloner',
    heading: 'Honorartilbud, som kunder skriver under på.',
    lede: 'Fyrre tilbud fra rigtige tegnestuer, fra et køkken til et rådhus, med hvert tal forklaret. Udfyld timerne, så følger honoraret.',
    facts: [
      ['40 dokumenter', 'til enhver tekstbehandling'],
      ['Ét regneark,', 'der gør timer til honorar'],
      ['Dine', 'for altid, også opdateringerne'],
    ],
    paidFrom: 'Betales fra din Siglume-konto.',
  },
  planners: {
    title: 'Vægsættet til tegnestuen · Plumbline',
    skip: 'kurven',
    eyebrow: 'Til væggen',
    heading: 'Planen, hvor alle går forbi.',
    lede: 'To tavler i emaljeret stål, en skinne at hænge dem på og magneter til tres ugers arbejde. Leveres på en uge; din virksomhed betaler på faktura.',
    facts: [],
    basket: 'Din kurv',
    for: 'Til',
    unavailable: 'Betalingen kunne ikke åbnes, og intet blev bestilt. Prøv igen om et øjeblik.',
    buy: 'Til betaling',
    item: 'Vare',
    price: 'Pris',
    total: 'I alt inkl. moms',
  },
  confirmation: { skip: 'ordren', lines: 'I denne ordre', invoice: 'Fakturaen kommer, når vi sender.' },
  access: {
    heading: 'Mine køb',
    none: 'Ingen endnu.',
    logIn: 'Log ind for at se, hvad der er købt på din konto.',
    since: 'siden',
  },
  goods: {
    templates: 'Pakken med honorartilbud',
    'one-template': 'Ét honorartilbud',
    planners: 'Vægsættet til tegnestuen',
    'board-120': 'Tavle til væggen',
    'rail-2': 'Skinne til to tavler',
    'marks-60': 'Magneter, 60 stk.',
  },
};

const WORDS: Readonly<Record<Language, Words>> = { en, da };

export function wordsOf({ lang }: Pick<PageSettings, 'lang'>): Words {
  return WORDS[lang];
}
