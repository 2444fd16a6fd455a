/** LedgerBee's scripted buyers. Each acts once, and in the frame of the visitor who wished for it: the sandbox lets every frame have what is on. */
import { ROBOTS, type Robot } from '../pages/settings.js';
import type { Later } from './later.js';
import type { Switching, VendorSwitches } from './switches.js';

/** Whom the scenario is, if it is one. */
export function robotOf({ name }: Pick<Switching, 'name'>): Robot | null {
  return ROBOTS.find((robot) => scenarioOf(robot) === name) ?? null;
}

/** Until its order's page is shown. */
export function keepRobots(orderRef: string, scenarios: readonly Switching[], later: Later): void {
  const robots = scenarios.filter((scenario) => robotOf(scenario) !== null);
  // A reload presses nothing.
  later.keep(
    orderRef,
    robots.map(({ name }) => ({ name, times: 1 })),
  );
}

/**
 * Just before the order's page is sent, whose frame is the next one to come. A robot that another page never let at its
 * frame is called back.
 * @returns who will press in this page's frame.
 */
export function sendRobot(orderRef: string, later: Later, switches: VendorSwitches): Robot | null {
  for (const robot of ROBOTS) switches.end(scenarioOf(robot));
  return later.begin(orderRef, switches).map(robotOf)[0] ?? null;
}

function scenarioOf(robot: Robot): string {
  return `buyer-${robot}`;
}
