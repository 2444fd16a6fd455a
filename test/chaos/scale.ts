/** How long and how hard. Times are milliseconds. */

export interface Scale {
  /** Orders at least; selling goes on until the faults have had their share too. */
  readonly orders: number;
  readonly ordersPerSecond: number;
  /** Processes killed at least, at random and at named steps together. */
  readonly kills: number;
  /** Times at least that a process dies at each named step. */
  readonly hitsPerStep: number;
  /** Restarts of the database in `immediate` mode at least. */
  readonly restarts: number;
  /** Orders between two of them. */
  readonly restartEvery: number;
  /** Orders between two kills: from, to. */
  readonly killEvery: readonly [number, number];
  /** When the faults end, whether or not they had their share: the report says which did not. */
  readonly stormLimitMs: number;
  /** How long the rest may take once the faults have ended. */
  readonly quiescenceLimitMs: number;
  /** Orders of each naive receiver. */
  readonly naiveOrders: number;
}

/** Part of `npm test`: about a minute on two cores. */
export const SHORT: Scale = {
  orders: 220,
  ordersPerSecond: 36,
  kills: 20,
  hitsPerStep: 1,
  restarts: 2,
  restartEvery: 80,
  killEvery: [2, 15],
  stormLimitMs: 600_000,
  quiescenceLimitMs: 120_000,
  naiveOrders: 90,
};

/** `npm run chaos`. */
export const LONG: Scale = {
  orders: 5_000,
  ordersPerSecond: 42,
  kills: 300,
  hitsPerStep: 10,
  restarts: 6,
  restartEvery: 750,
  killEvery: [2, 15],
  stormLimitMs: 3_600_000,
  quiescenceLimitMs: 300_000,
  naiveOrders: 600,
};
