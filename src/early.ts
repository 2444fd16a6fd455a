/**
 * Catches what the vendor's script says before the element is there to listen. Put it inline into `<head>`,
 * before anything that may load a LedgerBee frame. Importing it installs it.
 */
import { listenEarly } from './early-queue.js';

export type { EarlyEntry, EarlyQueue } from './early-queue.js';

listenEarly();
