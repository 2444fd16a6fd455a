/** Every trap of the vendor, and a buyer who presses by itself, by name. A scenario is off, on, or on for the next n times it matters. */
import { Switches, type SwitchState, type SwitchValue } from '../shared/switches.js';

export const SCENARIOS = [
  'plan-not-public',
  'origin-not-allowlisted',
  'missing-scope',
  'unknown-customer',
  'rate-limited',
  'bind-ref-expired',
  'bind-ref-reused',
  'bind-ref-foreign',
  'session-expired',
  'duplicate-confirm',
  'mint-fails',
  'confirm-fails',
  'self-signup-off',
  'slow-portal',
  'silent-portal',
  'portal-error',
  'portal-empty',
  'portal-hangs',
  'portal-stalls',
  'portal-cuts-off',
  'buyer-chooses',
  'buyer-confirms',
  'buyer-leaves',
  'webhook-twice',
  'webhook-late',
  'webhook-out-of-order',
  'webhook-lost',
  'webhook-wrongly-signed',
  'webhook-replayed',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export type ScenarioSwitch = SwitchValue;
export type ScenarioState = SwitchState<ScenarioName>;

export class Scenarios extends Switches<ScenarioName> {
  constructor(changed: (summary: string) => void) {
    super(SCENARIOS, changed);
  }
}
