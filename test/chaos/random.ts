/** Chance that can be repeated: the same seed gives the same choices. */
import { createHash } from 'node:crypto';

export interface Random {
  /** True with probability `share`, 0 to 1. */
  readonly chance: (share: number) => boolean;
  /** A whole number, both ends included. */
  readonly between: (low: number, high: number) => number;
  /** `undefined` only of an empty list. */
  readonly pick: <T>(list: readonly T[]) => T | undefined;
  /** A source of its own: how often one part of the harness draws does not change what another part gets. */
  readonly fork: (name: string) => Random;
}

export function randomFrom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (share) => next() < share,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => list[Math.floor(next() * list.length)],
    fork: (name) => randomFrom(`${seed}/${name}`),
  };
}
