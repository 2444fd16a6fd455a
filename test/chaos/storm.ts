/** The faults: processes killed at random and at named steps, the database restarted without warning. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosDatabase } from './database.js';
import type { Fleet } from './fleet.js';
import type { Random } from './random.js';

/** Share of kills that may leave nobody of a role, 0 to 1: a start takes longer here than the pause between two kills. */
const ALL_DOWN = 0.15;

/** Between the moment that asks for a kill and the kill, at most, in milliseconds: so that none is in step with the sales. */
const ANY_MOMENT_MS = 200;
/** Between two looks at how far the sales are, in milliseconds. */
const LOOK_EVERY_MS = 15;

export interface StormPlan {
  readonly fleets: readonly Fleet[];
  readonly database: ChaosDatabase;
  readonly random: Random;
  /** Orders sold so far. Faults are counted against work, not time: a slow machine meets as many, and no more. */
  readonly sold: () => number;
  /** Orders between two kills: from, to. */
  readonly killEvery: readonly [number, number];
  /** Orders between two restarts of the database. */
  readonly restartEvery: number;
  /** Share of kills that wait for a named step, 0 to 1; the others come at any moment. */
  readonly atSteps: number;
}

/** Rages until `over`. */
export async function storm(plan: StormPlan, over: () => boolean): Promise<void> {
  await Promise.all([killUntil(plan, over), restartUntil(plan, over)]);
}

async function killUntil(plan: StormPlan, over: () => boolean): Promise<void> {
  const { fleets, random, killEvery, atSteps } = plan;
  const chance = random.fork('kills');
  while (await soldMore(plan, chance.between(...killEvery), over)) {
    await pause(chance.between(0, ANY_MOMENT_MS));
    const fleet = chance.pick(fleets);
    const lastToo = chance.chance(ALL_DOWN);
    const told = chance.chance(atSteps) ? fleet?.rarestStep(lastToo) : null;
    if (told === null || told === undefined) chance.pick(fleet?.victims(lastToo) ?? [])?.kill();
    else chance.pick(told.victims)?.arm(told.step);
  }
}

async function restartUntil(plan: StormPlan, over: () => boolean): Promise<void> {
  while (await soldMore(plan, plan.restartEvery, over)) await plan.database.restart();
}

/** Waits until so many more were sold. @returns `false` when all is over. */
async function soldMore({ sold }: StormPlan, orders: number, over: () => boolean): Promise<boolean> {
  const next = sold() + orders;
  while (sold() < next) {
    if (over()) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}
