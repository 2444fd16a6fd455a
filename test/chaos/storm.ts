/** The faults: processes killed at random and at named steps, the database restarted without warning. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosDatabase } from './database.js';
import type { Fleet } from './fleet.js';
import type { Random } from './random.js';

export interface StormPlan {
  readonly fleets: readonly Fleet[];
  readonly database: ChaosDatabase;
  readonly random: Random;
  /** Pause between two kills, in milliseconds: from, to. */
  readonly killPauseMs: readonly [number, number];
  readonly restartEveryMs: number;
  /** Share of kills that wait for a named step, 0 to 1; the others come at any moment. */
  readonly atSteps: number;
}

/** Rages until `over`. */
export async function storm(plan: StormPlan, over: () => boolean): Promise<void> {
  await Promise.all([killUntil(plan, over), restartUntil(plan, over)]);
}

async function killUntil(
  { fleets, random, killPauseMs, atSteps }: StormPlan,
  over: () => boolean,
): Promise<void> {
  const chance = random.fork('kills');
  while (!over()) {
    await pause(chance.between(...killPauseMs));
    const fleet = chance.pick(fleets);
    if (fleet === undefined) return;
    const told = chance.chance(atSteps) ? fleet.rarestStep() : null;
    if (told === null) chance.pick(fleet.victims)?.kill();
    else chance.pick(told.victims)?.arm(told.step);
  }
}

async function restartUntil({ database, restartEveryMs }: StormPlan, over: () => boolean): Promise<void> {
  for (;;) {
    const end = Date.now() + restartEveryMs;
    while (Date.now() < end) {
      if (over()) return;
      await pause(50);
    }
    await database.restart();
  }
}
