import { DecodeError, type JsonRecord } from './decode.js';

/** The version of the handoff protocol, sent as `v` both ways. */
export const PROTOCOL_VERSION = 1;

/** @throws {DecodeError} for every other version than ours. */
export function checkVersion(record: JsonRecord): void {
  if (record['v'] !== PROTOCOL_VERSION) throw new DecodeError('v', String(PROTOCOL_VERSION));
}
