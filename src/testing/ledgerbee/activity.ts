/** What happened in the sandbox. */
import { Feed, type FeedEntry } from '../shared/activity.js';

export type ActivityKind =
  | 'page'
  | 'api'
  | 'bind'
  | 'session'
  | 'payment'
  | 'mail'
  | 'subscription'
  | 'delivery'
  | 'scenario'
  | 'assumption'
  | 'setting';

export type ActivityEntry = FeedEntry<ActivityKind>;

export class ActivityFeed extends Feed<ActivityKind> {}
