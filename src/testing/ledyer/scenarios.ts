/** Every trap of the vendor by name. A scenario is off, on, or on for the next n times it matters. */
import { Switches, type SwitchState, type SwitchValue } from '../shared/switches.js';

export const LEDYER_SCENARIOS = [
  // The API
  'api-down',
  'api-hangs',
  'api-loses-answer',
  'api-rate-limited',
  'api-garbage',
  'api-redirects',
  'token-expired',
  'token-endpoint-down',
  'credentials-refused',
  'status-unknown',
  'status-new-word',
  'order-hidden',
  'capture-not-available',
  'acknowledge-fails',
  // Notifications
  'notification-twice',
  'notification-delayed',
  'notification-out-of-order',
  'notification-lost',
  'notification-replayed',
  'notifications-at-once',
  'notification-spoofed',
  'notification-unknown-id',
  'create-dropped',
  'ready-dropped',
  // The buyer
  'buyer-reviewed',
  'buyer-signs-later',
  // A buyer without hands, who orders by invoice as soon as the checkout is opened
  'buyer-orders',
] as const;
export type LedyerScenarioName = (typeof LEDYER_SCENARIOS)[number];
export type LedyerScenarioState = SwitchState<LedyerScenarioName>;
export type LedyerScenarioSwitch = SwitchValue;

export class Scenarios extends Switches<LedyerScenarioName> {
  constructor(changed: (summary: string) => void) {
    super(LEDYER_SCENARIOS, changed);
  }
}
