/** What an attribute may hold, in words: the first file only names the rule. */
import type { AttributeProblem } from '../core/diagnosis.js';

const WORDS: Readonly<Record<string, string>> = {
  url: 'an https URL (http only on localhost)',
  'own-url': 'a URL of this page’s own origin',
  'portal-url': 'a URL of the portal',
  portal: 'the https origin of your LedgerBee portal, or paste its frame into the tag',
  plan: 'the vanity of a plan',
  segment: 'the vanity of a plan, without slashes',
  item: 'the id of an item of the plan',
  'forced-item': 'the id of the item to check out, as forced is set',
};

/** A value that would do, where nothing better can be made of what was given. */
const EXAMPLES: Readonly<Record<string, string>> = {
  portal: 'https://acme.portal.ledgerbee.com',
  plan: 'pro-plan',
  segment: 'pro-plan',
};

/** Enumerations are words already. */
export function inWords(problem: AttributeProblem): AttributeProblem {
  const { allowed } = problem;
  const copy = problem.copy ?? (allowed === 'url' ? meant(problem.value ?? '') : EXAMPLES[allowed]);
  return {
    ...problem,
    allowed: WORDS[allowed] ?? allowed,
    ...(copy === undefined ? {} : { copy }),
  };
}

/** The address that a bare host, or one without TLS, probably means. */
function meant(value: string): string | undefined {
  return /^(http:\/\/)?[\w-]+(\.[\w-]+)+(\/|$)/.test(value)
    ? `https://${value.replace(/^http:\/\//, '')}`
    : undefined;
}
