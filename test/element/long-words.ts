/** Words that no phone holds in one line, as other languages have them. */
import type { Messages, Text } from 'checkout-embed';

const WORD = 'Zahlungsdienstleistungsunternehmensportal';
const TEXT: Text = [
  `${WORD} nicht verfügbar`,
  `Bitte öffnen Sie das ${WORD}, oder versuchen Sie es noch einmal.`,
];

/** In place of every one of ours. */
export const LONG_WORDS: Messages = {
  frameTitle: WORD,
  retry: 'Nochmals versuchen und weitermachen bitte',
  reopen: `${WORD} öffnen`,
  openTab: 'In einem neuen Registerkartenfensterbereich öffnen',
  startOver: `Andere E-Mail-Adresse im ${WORD}`,
  back: `Hier im ${WORD} weitermachen`,
  slow: TEXT,
  silent: TEXT,
  blocked: TEXT,
  unavailable: TEXT,
  offline: TEXT,
  deferred: TEXT,
  away: TEXT,
  pending: TEXT,
  confirmed: TEXT,
  confirming: TEXT,
  settled: TEXT,
  unsettled: TEXT,
  failed: TEXT,
  failedRetry: TEXT,
  error: TEXT,
  errorChecking: TEXT,
  errorRetry: TEXT,
  closed: TEXT,
  checking: TEXT,
  unanswered: TEXT,
  pay: `Weiter zum ${WORD}`,
  payOpening: `${WORD} wird geöffnet …`,
  payFailed: TEXT,
  payAway: TEXT,
};
