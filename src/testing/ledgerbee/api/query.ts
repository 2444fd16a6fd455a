/** Query parameters of list calls. Wrong ones are refused like wrong body fields. */
import { LANGUAGES, type Language } from '../catalogue.js';
import { fieldFailure } from '../validate.js';

/** @throws {ApiFailure} */
export function readPage(query: URLSearchParams): { readonly page: number; readonly limit: number } {
  return { page: readNumber(query, 'page', 1, 1_000_000), limit: readNumber(query, 'limit', 20, 100) };
}

/** @throws {ApiFailure} */
export function readLanguage(value: unknown): Language {
  const found = LANGUAGES.find((language) => language === (value ?? 'en'));
  if (found === undefined) throw fieldFailure('language', 'isIn', 'language must be one of: en, da');
  return found;
}

export function onPage<T>(entries: readonly T[], { page, limit }: { page: number; limit: number }): T[] {
  return entries.slice((page - 1) * limit, page * limit);
}

function readNumber(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const given = query.get(name);
  if (given === null) return fallback;
  const value = /^\d{1,7}$/.test(given) ? Number(given) : 0;
  if (value < 1 || value > max)
    throw fieldFailure(name, 'isInt', `${name} must be an integer number from 1 to ${max}`);
  return value;
}
