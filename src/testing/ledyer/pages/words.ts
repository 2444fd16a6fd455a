/** The words of the hosted checkout, by the session's locale; English for the languages we have not. */
export interface Words {
  readonly checkout: string;
  readonly summary: string;
  readonly vat: string;
  readonly total: string;
  readonly buyer: string;
  readonly method: string;
  readonly methods: Readonly<Record<'invoice' | 'advanceInvoice' | 'card', readonly [string, string]>>;
  readonly terms: string;
  readonly pay: string;
  readonly doneTitle: string;
  readonly doneText: string;
  readonly waitingTitle: string;
  readonly waitingText: string;
  readonly overTitle: string;
  readonly overText: string;
  readonly reference: string;
  readonly footer: string;
}

const en: Words = {
  checkout: 'Checkout',
  summary: 'Your order',
  vat: 'of which VAT',
  total: 'Total',
  buyer: 'Buying for',
  method: 'How do you want to pay?',
  methods: {
    invoice: ['Invoice', '30 days from delivery'],
    advanceInvoice: ['Advance invoice', 'Pay first, delivery follows'],
    card: ['Card', 'A test card; no money moves'],
  },
  terms: 'By placing the order you accept the terms.',
  pay: 'Place order',
  doneTitle: 'Thank you for your order',
  doneText: 'We have received it and the seller has been told.',
  waitingTitle: 'Waiting for an approval',
  waitingText: 'Someone who may sign for your company has been asked. You need to do nothing more.',
  overTitle: 'This checkout is over',
  overText: 'Nothing was ordered. Go back to the shop and start again.',
  reference: 'Reference',
  footer: 'Ledyer sandbox: nothing is charged',
};

const sv: Words = {
  checkout: 'Kassa',
  summary: 'Din order',
  vat: 'varav moms',
  total: 'Totalt',
  buyer: 'Köpare',
  method: 'Hur vill ni betala?',
  methods: {
    invoice: ['Faktura', '30 dagar från leverans'],
    advanceInvoice: ['Förskottsfaktura', 'Betala först, sedan levereras ordern'],
    card: ['Kort', 'Ett testkort; inga pengar dras'],
  },
  terms: 'Genom att lägga ordern godkänner ni villkoren.',
  pay: 'Lägg order',
  doneTitle: 'Tack för er order',
  doneText: 'Vi har tagit emot den och säljaren är underrättad.',
  waitingTitle: 'Väntar på godkännande',
  waitingText: 'En firmatecknare har fått frågan. Ni behöver inte göra något mer.',
  overTitle: 'Den här kassan är stängd',
  overText: 'Inget har beställts. Gå tillbaka till butiken och börja om.',
  reference: 'Referens',
  footer: 'Ledyers testmiljö: inget debiteras',
};

const da: Words = {
  checkout: 'Kassen',
  summary: 'Din ordre',
  vat: 'heraf moms',
  total: 'I alt',
  buyer: 'Køber',
  method: 'Hvordan vil I betale?',
  methods: {
    invoice: ['Faktura', '30 dage fra levering'],
    advanceInvoice: ['Forudbetalt faktura', 'Betal først, derefter leveres ordren'],
    card: ['Kort', 'Et testkort; der trækkes ingen penge'],
  },
  terms: 'Når du afgiver ordren, accepterer du betingelserne.',
  pay: 'Afgiv ordre',
  doneTitle: 'Tak for jeres ordre',
  doneText: 'Vi har modtaget den, og sælgeren har fået besked.',
  waitingTitle: 'Venter på godkendelse',
  waitingText: 'En tegningsberettiget er blevet spurgt. I skal ikke gøre mere.',
  overTitle: 'Denne kasse er lukket',
  overText: 'Der er ikke bestilt noget. Gå tilbage til butikken og begynd forfra.',
  reference: 'Reference',
  footer: 'Ledyers testmiljø: intet opkræves',
};

const WORDS: ReadonlyMap<string, Words> = new Map([
  ['en', en],
  ['sv', sv],
  ['da', da],
]);

export function wordsFor(locale: string): { readonly lang: string; readonly words: Words } {
  const lang = locale.slice(0, 2);
  const words = WORDS.get(lang);
  return words === undefined ? { lang: 'en', words: en } : { lang, words };
}
