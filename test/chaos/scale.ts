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
  readonly restartEveryMs: number;
  /** Pause between two kills: from, to. */
  readonly killPauseMs: readonly [number, number];
  /** When the faults end, whether or not they had their share: the report says which did not. */
  readonly stormLimitMs: number;
  /** How long the rest may take once the faults have ended. */
  readonly quiescenceLimitMs: number;
  /** Orders of each naive receiver. */
  readonly naiveOrders: number;
}

/** Part of `npm test`: about a minute on two cores. */
export const SHORT: Scale = {
  orders: 600,
  ordersPerSecond: 36,
  kills: 40,
  hitsPerStep: 2,
  restarts: 2,
  restartEveryMs: 6_000,
  killPauseMs: [100, 450],
  stormLimitMs: 40_000,
  quiescenceLimitMs: 60_000,
  naiveOrders: 200,
};

/** `npm run chaos`. */
export const LONG: Scale = {
  orders: 5_000,
  ordersPerSecond: 42,
  kills: 300,
  hitsPerStep: 10,
  restarts: 6,
  restartEveryMs: 15_000,
  killPauseMs: [80, 420],
  stormLimitMs: 600_000,
  quiescenceLimitMs: 180_000,
  naiveOrders: 600,
};
