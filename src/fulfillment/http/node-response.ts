/** How does a Response reach a Node client? */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Of one connection, and forbidden in HTTP/2. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Writes the answer as its body yields it, no faster than the client takes it.
 * @param gone Aborted when the client went away: the body is then cancelled, and the promise resolves.
 */
export async function writeResponse(
  response: Response,
  req: IncomingMessage,
  res: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const isGone = (): boolean => gone.aborted;
  if (isGone() || req.method === 'HEAD') await response.body?.cancel();
  if (isGone()) return;
  writeHead(response, req, res);
  if (response.body === null || req.method === 'HEAD') {
    res.end();
    return;
  }
  const isEventStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  // A stream may be silent for long: its reader must know at once that it is open.
  if (isEventStream) res.flushHeaders();

  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  gone.addEventListener('abort', cancel, { once: true });
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const isTaken = res.write(chunk.value);
      if (isEventStream) flushCompression(res);
      if (!isTaken) await once(res, 'drain', { signal: gone });
    }
    res.end();
  } catch (error) {
    if (!isGone()) throw error;
  } finally {
    gone.removeEventListener('abort', cancel);
  }
}

function writeHead(response: Response, req: IncomingMessage, res: ServerResponse): void {
  res.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name === 'set-cookie' || (req.httpVersionMajor > 1 && CONNECTION_HEADERS.has(name))) continue;
    // Several parties add to Vary, CORS middleware above all.
    if (name === 'vary') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  for (const cookie of response.headers.getSetCookie()) res.appendHeader('set-cookie', cookie);
}

/** Express's `compression` holds small writes back until it is told not to. */
function flushCompression(res: ServerResponse & { flush?(): void }): void {
  res.flush?.();
}
