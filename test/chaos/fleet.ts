/** All processes of one backend: who takes requests now, who may be killed, and what they died of. */
import { environmentOf, type ChildSettings } from './child.js';
import { SupervisedProcess } from './process.js';
import { STEP_NAMES, STEPS, type Role, type Step } from './steps.js';

export interface Deaths {
  /** Killed from outside. */
  random: number;
  readonly atSteps: Map<Step, number>;
  /** Last words of those that ended without being told to. */
  readonly byThemselves: string[];
}

export interface FleetPlan {
  readonly script: string;
  readonly size: Readonly<Record<Role, number>>;
  readonly settings: Omit<ChildSettings, 'name' | 'role'>;
}

export class Fleet {
  readonly deaths: Deaths = {
    random: 0,
    atSteps: new Map(STEP_NAMES.map((step) => [step, 0])),
    byThemselves: [],
  };
  readonly #processes: readonly SupervisedProcess[];

  constructor({ script, size, settings }: FleetPlan) {
    const roles = (Object.keys(size) as Role[]).flatMap((role) => new Array<Role>(size[role]).fill(role));
    this.#processes = roles.map((role, index) => {
      const name = `${role}-${index + 1}`;
      return new SupervisedProcess({
        name,
        role,
        script,
        environment: environmentOf({ ...settings, name, role }),
        verbose: settings.verbose,
        onDeath: (death) => {
          if (death.how === 'killed') this.deaths.random += 1;
          if (death.how === 'at-step') this.deaths.atSteps.set(death.step, this.hits(death.step) + 1);
          if (death.how === 'by-itself') this.deaths.byThemselves.push(`${name}: ${death.words}`);
        },
      });
    });
  }

  /** Where requests can go now. */
  get origins(): readonly string[] {
    return this.#processes.map(({ origin }) => origin).filter((origin) => origin !== null);
  }

  get allReady(): boolean {
    return this.#processes.every(({ ready }) => ready);
  }

  /**
   * Processes that work now and wait for no step.
   * @param lastToo Also the last one of its role, after which nobody is there for a while.
   */
  victims(lastToo: boolean): readonly SupervisedProcess[] {
    const unhurt = this.#processes.filter(({ ready, armed }) => ready && armed === null);
    return unhurt.filter(
      (one) => lastToo || unhurt.some((other) => other !== one && other.role === one.role),
    );
  }

  get kills(): number {
    return killsOf(this.deaths);
  }

  hits(step: Step): number {
    return this.deaths.atSteps.get(step) ?? 0;
  }

  /** The step at which fewest have died, of those for which somebody could be told to. */
  rarestStep(
    lastToo: boolean,
  ): { readonly step: Step; readonly victims: readonly SupervisedProcess[] } | null {
    const victims = this.victims(lastToo);
    const waiting = new Set(this.#processes.map(({ armed }) => armed));
    const possible = STEP_NAMES.filter((step) => !waiting.has(step))
      .map((step) => ({ step, victims: victims.filter(({ role }) => role === STEPS[step]) }))
      .filter(({ victims }) => victims.length > 0)
      .sort((a, b) => this.hits(a.step) - this.hits(b.step));
    return possible[0] ?? null;
  }

  /** Asks all to end. @returns how many did not do so in good order. */
  async end(): Promise<number> {
    const ends = await Promise.all(this.#processes.map((one) => one.end()));
    return ends.filter((inGoodOrder) => !inGoodOrder).length;
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.destroy()));
  }
}

/** At random and at named steps together. */
export function killsOf({ random, atSteps }: Deaths): number {
  return random + [...atSteps.values()].reduce((sum, hits) => sum + hits, 0);
}
