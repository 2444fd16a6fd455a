/** Is the vendor to be told that the order exists here? Pure. */
import { gateOf, readResolutions, type EffectHistory } from './order-effects.js';
import type { FactSet, WantedEffect } from './order-facts.js';

/**
 * Owed once any reading said that the vendor waits for it, and the merchant has named the order: both are facts, so it
 * is never unsaid. It says that the order exists and nothing of goods: no review about those holds it up.
 * @returns nothing where it is done.
 */
export function acknowledgeOwed(facts: FactSet, { done, reviews }: EffectHistory): readonly WantedEffect[] {
  if (done.some(({ effect }) => effect === 'acknowledge')) return [];
  const all = Object.values(facts);
  if (!all.some(({ kind }) => kind === 'expected')) return [];
  const waiting = all
    .filter((fact) => fact.kind === 'observed')
    .map(({ observation }) => observation)
    .filter(({ isAcknowledgeable }) => isAcknowledgeable === true)
    // The same one each time: it is the only thing the effect is told.
    .sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0));
  const [first] = waiting;
  const own = reviews.filter(({ mark }) => mark.effect === 'acknowledge');
  if (first === undefined || gateOf(own, readResolutions(facts)) !== 'owed') return [];
  return [{ kind: 'acknowledge', epoch: '', done: false, evidence: { subscriptionId: first.subject } }];
}
