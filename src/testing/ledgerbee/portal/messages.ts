/** What the portal's pages say, in both of its languages. */
import type { Language, PlanItem } from '../catalogue.js';

export interface Messages {
  readonly perInterval: Readonly<Record<'month' | 'year', string>>;
  readonly custom: string;
  readonly recommended: string;
  readonly back: string;
  readonly cancel: string;
  readonly checkoutTitle: string;
  readonly summary: string;
  readonly dueToday: string;
  readonly dueOnStart: string;
  readonly vatNote: string;
  readonly email: string;
  readonly emailHint: string;
  readonly buyingFor: string;
  readonly lookingUp: string;
  readonly startDate: string;
  readonly terms: string;
  readonly readTerms: string;
  readonly termsText: string;
  readonly confirm: string;
  readonly toPayment: string;
  readonly working: string;
  readonly startOver: string;
  readonly doneTitle: string;
  readonly doneText: string;
  readonly pendingTitle: string;
  readonly pendingText: string;
  readonly paymentTitle: string;
  readonly paymentText: string;
  readonly paymentLink: string;
  readonly closedTitle: string;
  readonly closedText: string;
  readonly failedTitle: string;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
  readonly popupText: string;
  readonly popupLink: string;
  readonly securedBy: string;
  readonly errors: Readonly<Record<ErrorMessage, string>>;
}

/** The portal's own wording of a refusal, by what the buyer can do about it. */
export type ErrorMessage =
  | 'email'
  | 'termsMissing'
  | 'termsStale'
  | 'startDate'
  | 'expired'
  | 'signupOff'
  | 'mismatch'
  | 'network'
  | 'generic';

export const MESSAGES: Readonly<Record<Language, Messages>> = {
  en: {
    perInterval: { month: 'per month', year: 'per year' },
    custom: 'Custom',
    recommended: 'Most chosen',
    back: 'Back to plans',
    cancel: 'Cancel',
    checkoutTitle: 'Checkout',
    summary: 'Your subscription',
    dueToday: 'Due today',
    dueOnStart: 'Due on the start date',
    vatNote: 'Excluding VAT. Renews until you cancel.',
    email: 'E-mail address',
    emailHint: 'We send a link to confirm your subscription.',
    buyingFor: 'Subscribing as',
    lookingUp: 'One moment…',
    startDate: 'Start date',
    terms: 'I accept the terms of subscription',
    readTerms: 'Read the terms',
    termsText:
      'The subscription renews at the end of each period at the price shown, until you cancel it. You can cancel at any time with effect from the end of the period.',
    confirm: 'Confirm subscription',
    toPayment: 'Continue to payment',
    working: 'Working on it…',
    startOver: 'Start over',
    doneTitle: 'You are subscribed',
    doneText: 'Thank you. A receipt is on its way to your inbox.',
    pendingTitle: 'Check your inbox',
    pendingText: 'Your subscription begins when you open the confirmation link that we sent to',
    paymentTitle: 'Finish the payment',
    paymentText: 'A secure payment page has opened in another tab. Your subscription starts once it is paid.',
    paymentLink: 'Open the payment page',
    closedTitle: 'Checkout closed',
    closedText: 'Nothing was bought. You can close this page.',
    failedTitle: 'Checkout could not start',
    notFoundTitle: 'Plan not found',
    notFoundText: 'This plan does not exist or is not available here.',
    popupText: 'Your browser kept a new tab from opening.',
    popupLink: 'Open checkout in a new tab',
    securedBy: 'Secure checkout by LedgerBee (sandbox)',
    errors: {
      email: 'Enter a valid e-mail address.',
      termsMissing: 'Accept the terms to continue.',
      termsStale: 'The terms have changed. Read and accept them again, then confirm.',
      startDate: 'Choose a start date from today and within one year.',
      expired: 'This checkout has expired. Start over to get a fresh one; nothing was bought.',
      signupOff: 'New customers cannot sign up right now. Please contact us.',
      mismatch: 'This checkout does not belong to your account. Sign in again and retry.',
      network: 'We could not reach the server. Check your connection and try again.',
      generic: 'Something went wrong on our side. Please try again in a moment.',
    },
  },
  da: {
    perInterval: { month: 'pr. måned', year: 'pr. år' },
    custom: 'Efter aftale',
    recommended: 'Mest valgt',
    back: 'Tilbage til planer',
    cancel: 'Annuller',
    checkoutTitle: 'Betaling',
    summary: 'Dit abonnement',
    dueToday: 'At betale i dag',
    dueOnStart: 'At betale på startdatoen',
    vatNote: 'Ekskl. moms. Fornyes indtil du opsiger.',
    email: 'E-mailadresse',
    emailHint: 'Vi sender et link, som bekræfter dit abonnement.',
    buyingFor: 'Du bestiller som',
    lookingUp: 'Et øjeblik…',
    startDate: 'Startdato',
    terms: 'Jeg accepterer abonnementsvilkårene',
    readTerms: 'Læs vilkårene',
    termsText:
      'Abonnementet fornyes ved udløbet af hver periode til den viste pris, indtil du opsiger det. Du kan til enhver tid opsige det med virkning fra periodens udløb.',
    confirm: 'Bekræft abonnement',
    toPayment: 'Fortsæt til betaling',
    working: 'Arbejder på det…',
    startOver: 'Start forfra',
    doneTitle: 'Du er tilmeldt',
    doneText: 'Tak. En kvittering er på vej til din indbakke.',
    pendingTitle: 'Tjek din indbakke',
    pendingText: 'Abonnementet begynder, når du åbner det bekræftelseslink, vi har sendt til',
    paymentTitle: 'Gennemfør betalingen',
    paymentText: 'En sikker betalingsside er åbnet i en anden fane. Abonnementet starter, når der er betalt.',
    paymentLink: 'Åbn betalingssiden',
    closedTitle: 'Betaling lukket',
    closedText: 'Der er ikke købt noget. Du kan lukke denne side.',
    failedTitle: 'Betalingen kunne ikke begynde',
    notFoundTitle: 'Planen findes ikke',
    notFoundText: 'Denne plan findes ikke eller er ikke tilgængelig her.',
    popupText: 'Din browser forhindrede en ny fane i at åbne.',
    popupLink: 'Åbn betaling i en ny fane',
    securedBy: 'Sikker betaling med LedgerBee (sandkasse)',
    errors: {
      email: 'Indtast en gyldig e-mailadresse.',
      termsMissing: 'Accepter vilkårene for at fortsætte.',
      termsStale: 'Vilkårene er ændret. Læs og accepter dem igen, og bekræft så.',
      startDate: 'Vælg en startdato fra i dag og inden for et år.',
      expired: 'Denne betaling er udløbet. Start forfra for at få en ny; der er ikke købt noget.',
      signupOff: 'Nye kunder kan ikke tilmelde sig lige nu. Kontakt os venligst.',
      mismatch: 'Denne betaling hører ikke til din konto. Log ind igen, og prøv igen.',
      network: 'Vi kunne ikke nå serveren. Tjek din forbindelse, og prøv igen.',
      generic: 'Noget gik galt hos os. Prøv igen om et øjeblik.',
    },
  },
};

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', da: 'da-DK' };

/** `DKK 249.00`, or `2.490,00 kr.`; without minor units where there are none to show. */
export function formatPrice(amountMinor: number, currency: string, language: Language): string {
  const formatter = new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency,
    minimumFractionDigits: amountMinor % 100 === 0 ? 0 : 2,
  });
  return formatter.format(amountMinor / 100);
}

export function itemPrice(item: PlanItem, language: Language): { amount: string; per: string } {
  const messages = MESSAGES[language];
  if (item.priceMinor === null || item.currency === null) return { amount: messages.custom, per: '' };
  return {
    amount: formatPrice(item.priceMinor, item.currency, language),
    per: item.interval === null ? '' : messages.perInterval[item.interval],
  };
}
