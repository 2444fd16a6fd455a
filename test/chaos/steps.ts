/** The named places at which a process is made to die, in the order a delivery passes them. */

export type Role = 'receiver' | 'worker';

export const STEPS = {
  'attempt committed, before the answer': 'receiver',
  'checkout opened at the vendor, before the commit': 'receiver',
  'checkout linked, before the answer': 'receiver',
  'delivery recorded, before the commit': 'receiver',
  'delivery committed, before the answer': 'receiver',
  'vendor read, before the commit': 'worker',
  'effect claimed': 'worker',
  'during the effect': 'worker',
  'after the effect, before done': 'worker',
  'done written, before the commit': 'worker',
} as const satisfies Record<string, Role>;

export type Step = keyof typeof STEPS;

export const STEP_NAMES = Object.keys(STEPS) as readonly Step[];

export function isStep(name: string): name is Step {
  return Object.hasOwn(STEPS, name);
}
