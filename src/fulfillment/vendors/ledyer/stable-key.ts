/** An idempotency key that is the same each time for the same act, also in another process and after a crash. */
import { createHash } from 'node:crypto';

/** A UUID in form, as the vendor advises: version 8, which is free for content of one's own. @see RFC 9562 §5.8 */
export function stableKey(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
