/** All migrations in their order. One that was released is never changed: a new file follows it. */
import type { Tables } from '../tables.js';
import * as initial from './0001-initial.js';
import * as noKeyBehindTransitions from './0002-no-key-behind-transitions.js';
import * as effectsRetention from './0003-effects-retention.js';
import * as operators from './0004-operators.js';
import * as dueByVendor from './0005-due-by-vendor.js';
import * as triggers from './0006-triggers.js';
import * as redirects from './0007-redirects.js';
import * as firstRead from './0008-first-read.js';

export interface Migration {
  readonly version: number;
  readonly statements: (tables: Tables) => readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  initial,
  noKeyBehindTransitions,
  effectsRetention,
  operators,
  dueByVendor,
  triggers,
  redirects,
  firstRead,
];
