/** What a run came to, for people and for `npm test`. */
import type { Claim } from './verdict.js';

export type Figure = readonly [name: string, value: number];

export interface Outcome {
  readonly title: string;
  readonly claims: readonly Claim[];
  readonly figures: readonly Figure[];
}

/** As `npm test` reads it. */
export interface ChaosCount {
  readonly passed: number;
  readonly failed: number;
  readonly notes: readonly string[];
}

export function describe({ title, claims, figures }: Outcome): string {
  const width = Math.max(...figures.map(([name]) => name.length));
  return [
    '',
    `── ${title} ${'─'.repeat(Math.max(0, 70 - title.length))}`,
    ...figures.map(([name, value]) => `${name.padEnd(width)} ${String(value).padStart(7)}`),
    '',
    ...claims.flatMap(({ name, holds, breakers }) => [
      `${holds ? 'ok    ' : 'FAILED'} ${name}`,
      ...breakers.map((breaker) => `         ${breaker}`),
    ]),
  ].join('\n');
}

export function count(outcomes: readonly Outcome[], seed: string): ChaosCount {
  const claims = outcomes.flatMap((outcome) => outcome.claims);
  const broken = claims.filter(({ holds }) => !holds);
  const notes = broken.map(({ name, breakers }) => `${name}: ${breakers.join('; ')}`);
  return {
    passed: claims.length - broken.length,
    failed: broken.length,
    notes: broken.length === 0 ? [] : [`seed ${seed}`, ...notes],
  };
}
