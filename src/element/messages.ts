/** What the buyer reads. English and Danish are built in; any message can be overridden. */
import { sayOnce } from './developer-log.js';
import { da } from './messages-da.js';

/** A heading without its full stop, and what to do. */
export type Text = readonly [title: string, text: string];

export interface Messages {
  /** Name of the frame and of the whole, for those who do not see it. */
  readonly frameTitle: string;
  readonly retry: string;
  readonly reopen: string;
  readonly openTab: string;
  /** Forgets a link that was sent to a wrong address. */
  readonly startOver: string;
  /** Leaves the other tab to itself. */
  readonly back: string;
  readonly slow: Text;
  /** As `slow`, beside a frame that is in view and cannot be heard. */
  readonly silent: Text;
  readonly blocked: Text;
  /** As `blocked`, where there is no address to open either. */
  readonly unavailable: Text;
  readonly offline: Text;
  readonly deferred: Text;
  readonly away: Text;
  readonly pending: Text;
  readonly confirmed: Text;
  /** As `confirmed`, while a backend is asked. */
  readonly confirming: Text;
  readonly settled: Text;
  readonly unsettled: Text;
  readonly failed: Text;
  readonly failedRetry: Text;
  readonly error: Text;
  /** As `error`, while the backend is asked whether another try is safe. */
  readonly errorChecking: Text;
  readonly errorRetry: Text;
  readonly closed: Text;
  /** In place of `closed`, while the backend is asked whether something may have been paid. */
  readonly checking: Text;
  /** As `errorChecking` and `checking`, when the backend could not say. */
  readonly unanswered: Text;
  /** The button that leaves for the vendor's page. */
  readonly pay: string;
  /** The same while that page is opened. */
  readonly payOpening: string;
  /** It could not be opened. */
  readonly payFailed: Text;
  /** The buyer is there, or came back without paying. */
  readonly payAway: Text;
}

export const en: Messages = {
  frameTitle: 'Checkout',
  retry: 'Try again',
  reopen: 'Open checkout',
  openTab: 'Open in a new tab',
  startOver: 'Use another e-mail address',
  back: 'Continue here',
  slow: ['This is taking longer than usual', 'You can keep waiting.'],
  silent: ['Checkout is below', 'Not there? Open it in a new tab.'],
  blocked: ['Checkout can’t be shown here', 'Open it in a new tab instead, or try again in a moment.'],
  unavailable: ['Checkout isn’t available', 'Please come back later.'],
  offline: ['You’re offline', 'Checkout continues by itself when you’re back online.'],
  deferred: ['One moment', 'Your checkout is being prepared.'],
  away: ['Checkout is open in another tab', 'Finish there. This page updates by itself.'],
  pending: ['Check your inbox', 'Open the link in the e-mail to finish. You can close this page.'],
  confirmed: ['Thank you', 'We have received your order.'],
  confirming: ['Thank you', 'We are confirming your order. This usually takes a few seconds.'],
  settled: ['You’re all set', 'Your order is complete.'],
  unsettled: [
    'We have your order',
    'Confirming it takes a little longer. You will get an e-mail; there is nothing more to do.',
  ],
  failed: ['Your order wasn’t completed', 'Please contact us, and we will help you.'],
  failedRetry: ['Your order wasn’t completed', 'Nothing was ordered. You can try again.'],
  error: ['That didn’t go through', 'See the message below.'],
  errorChecking: ['That didn’t go through', 'One moment: we are checking whether you can try again.'],
  errorRetry: ['That didn’t go through', 'You can try again.'],
  closed: ['Checkout closed', 'You can open it again whenever you like.'],
  checking: ['One moment', 'We are checking whether your last try went through.'],
  unanswered: ['It may have gone through', 'Look in your inbox or contact us before you try again.'],
  pay: 'Continue to payment',
  payOpening: 'Opening payment…',
  payFailed: ['Payment couldn’t be opened', 'Please try again in a moment.'],
  payAway: ['Payment isn’t finished yet', 'You can go on where you left off.'],
};

const builtIn: Readonly<Record<string, Messages>> = { en, da };

/** Only what has the shape of the English word: no word of a page may keep a view from being drawn. */
function fitting(words: object | null, where: string): Partial<Messages> {
  const fits = ([key, value]: [string, unknown]): boolean => {
    // A translation that is missing.
    if (value === undefined) return false;
    const model = (en as unknown as Readonly<Record<string, string | Text>>)[key];
    const isFit = typeof model === 'string' ? isWord(value) : model !== undefined && isText(value);
    const shape = typeof model === 'string' ? 'a text' : `["heading", "text"]`;
    const fault =
      model === undefined ? 'is no word of the checkout' : `must be ${shape}: the built-in one is used`;
    if (!isFit) sayOnce('error', `words ${where} ${key}`, `${where}.${key} ${fault}.`);
    return isFit;
  };
  return Object.fromEntries(Object.entries(words ?? {}).filter(fits));
}

const isWord = (value: unknown): value is string => typeof value === 'string';
const isText = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(isWord);

/**
 * The language of `lang`, or of what stands before its dash, with the page's own words over it; else English.
 * @param languages What the page brings along, by tag.
 */
export function messagesFor(
  lang: string,
  own: Partial<Messages>,
  languages: Readonly<Record<string, Messages>>,
): Messages {
  // Nobody's language is called `constructor`.
  const known = new Map<string, Messages>([...Object.entries(builtIn), ...Object.entries(languages)]);
  const tag = lang.toLowerCase();
  const language = known.get(tag) ?? known.get(tag.replace(/-.*/, ''));
  return { ...en, ...fitting(language ?? {}, `languages.${tag}`), ...fitting(own, 'messages') };
}
