/** What happened in the sandbox. */
import { Feed, type FeedEntry } from '../shared/activity.js';

export type LedyerActivityKind =
  | 'token'
  | 'api'
  | 'session'
  | 'order'
  | 'page'
  | 'notification'
  | 'scenario'
  | 'assumption';
export type LedyerActivityEntry = FeedEntry<LedyerActivityKind>;

export class ActivityFeed extends Feed<LedyerActivityKind> {}
