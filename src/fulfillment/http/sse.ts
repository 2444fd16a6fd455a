import type { StatusListener, StatusStreams, WatchRefusal } from '../status-streams.js';

/** How long a page waits before it opens a broken stream again, in milliseconds. */
const REOPEN_MS = 2000;
/** Bytes that may wait in a stream whose reader is slow; then snapshots are skipped, never queued. */
const HIGH_WATER_BYTES = 4096;

export type OpenedStream =
  | { readonly state: 'open'; readonly body: ReadableStream<Uint8Array> }
  | { readonly state: WatchRefusal };

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(': still here\n\n');

/**
 * A stream of one attempt's status: the current snapshot at once, then each that differs. A slow reader misses
 * what lies between, never the last one.
 * @param signal Ends the stream: the page is gone.
 * @see HTML Living Standard, "Server-sent events"
 */
export async function statusStream(
  streams: StatusStreams,
  attemptId: string,
  signal: AbortSignal,
): Promise<OpenedStream> {
  let unwatch: (() => void) | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const end = (): void => {
    signal.removeEventListener('abort', end);
    unwatch?.();
    unwatch = null;
    const open = controller;
    controller = null;
    // Closing one that its reader has canceled throws.
    if (open !== null) open.close();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (opened) => {
        controller = opened;
        opened.enqueue(encoder.encode(`retry: ${REOPEN_MS}\n\n`));
      },
      cancel: () => {
        controller = null;
        end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
  );
  const write = (bytes: Uint8Array): boolean => {
    if (controller === null || (controller.desiredSize ?? 0) <= 0) return false;
    controller.enqueue(bytes);
    return true;
  };
  const listener: StatusListener = {
    send: ({ etag, body: data }) =>
      write(encoder.encode(`event: status\nid: ${etag.replaceAll('"', '')}\ndata: ${data}\n\n`)),
    heartbeat: () => void write(HEARTBEAT),
    end,
  };
  const watching = await streams.watch(attemptId, listener);
  if (watching.state !== 'open') return watching;
  unwatch = watching.end;
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return { state: 'open', body };
}
