/** Where are the bytes of a Node request's body? */
import type { IncomingMessage } from 'node:http';
import { ConfigurationError } from '../errors.js';

const PARSED_BODY =
  'Something read the request body before checkout-embed could, and a webhook signature covers the bytes as they ' +
  'were sent. Mount the handler before the body parser: app.use(toNodeHandler(kit)), then app.use(express.json()). ' +
  "Where that cannot be, keep the bytes for its path: app.use('/checkout', express.raw({ type: '*/*' })) before " +
  'the other parser.';

/**
 * The body as bytes, or as a stream that takes from the socket only what its reader asks for; `null` where
 * there is none.
 * @throws {ConfigurationError} `parsed-body`
 */
export function readBody(
  req: IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown },
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null {
  if (req.method === 'GET' || req.method === 'HEAD') return null;
  // `body` is express.raw()'s; `rawBody` is where cloud functions and `verify` hooks leave what they parsed.
  for (const bytes of [req.body, req.rawBody]) {
    if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  }
  if (req.readableDidRead) throw new ConfigurationError('parsed-body', PARSED_BODY);
  return isEmpty(req) ? null : streamOf(req);
}

/** Parsers leave an empty request alone, so that it was not read says nothing. */
function isEmpty({ headers, httpVersionMajor }: IncomingMessage): boolean {
  const length = headers['content-length'] ?? '0';
  return httpVersionMajor === 1 && length === '0' && headers['transfer-encoding'] === undefined;
}

function streamOf(req: IncomingMessage): ReadableStream<Uint8Array> {
  // The socket must outlive a reader that has seen enough: it still carries the answer.
  const chunks = req.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        // Not awaited: it would wait for a chunk that may never come.
        chunks.return?.().catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
