/** Tells screen readers which of our words are English, on a page whose language we do not speak. */
import { nothing } from 'lit';
import { en, type Text } from './messages.js';

const ENGLISH = new Set<unknown>(Object.values(en));

/**
 * The `lang` of what holds these words: none where the page's own is right. Its own words are taken to be in its
 * language.
 * @param pageLanguage Empty where the page names none.
 */
export function langOf(words: Text | string, pageLanguage: string): 'en' | typeof nothing {
  return ENGLISH.has(words) && !/^en\b/i.test(pageLanguage) ? 'en' : nothing;
}
