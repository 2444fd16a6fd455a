/** A delivery straight from Node's own request to the kit, answered as `fetch` would have it answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeliveryHeaders } from '../ports.js';
import { COMMON } from './answers.js';
import { cutShort, tooLarge } from './body.js';
import type { DirectDelivery } from './direct-delivery.js';
import { writeResponse } from './node-response.js';
import { isHost, requestLine } from './node-url.js';

/** As a `Headers` would give them. */
const ANSWER_HEADERS = Object.entries(COMMON).map(([name, value]) => [name.toLowerCase(), value] as const);
const LENGTH = /^[1-9]\d{0,14}$/;
const VENDOR = /^[a-z]+$/;

type NodeRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

/**
 * @returns `null` for everything but the plain case: an HTTP/1 POST to a vendor's path as it is written in the
 *   vendor's settings, with a length, that nothing read before. That goes the long way, which knows all cases.
 */
export function deliverDirectly(
  direct: DirectDelivery,
  req: NodeRequest,
  res: ServerResponse,
): Promise<void> | null {
  const vendor = vendorOf(direct, req);
  if (vendor === null || req.httpVersionMajor !== 1 || !isHost(req.headers.host ?? '')) return null;
  const length = req.headers['content-length'] ?? '';
  if (!LENGTH.test(length) || req.headers['transfer-encoding'] !== undefined) return null;
  if (req.readableDidRead || req.body !== undefined || req.rawBody !== undefined) return null;
  return deliver(direct, vendor, req, res);
}

function vendorOf({ basePath }: DirectDelivery, req: NodeRequest): string | null {
  const path = requestLine(req);
  const prefix = `${basePath}/webhooks/`;
  if (req.method !== 'POST' || !path.startsWith(prefix)) return null;
  const vendor = path.slice(prefix.length);
  return VENDOR.test(vendor) ? vendor : null;
}

async function deliver(
  direct: DirectDelivery,
  vendor: string,
  req: NodeRequest,
  res: ServerResponse,
): Promise<void> {
  const answer = await direct.deliver(vendor, {
    method: 'POST',
    headers: headersOf(req),
    readBytes: (maxBytes) => readBytes(req, maxBytes),
  });
  // The client went away.
  if (res.destroyed) return;
  if (typeof answer !== 'number') {
    await writeResponse(answer, req, res, new AbortController().signal);
    return;
  }
  res.statusCode = answer;
  for (const [name, value] of ANSWER_HEADERS) res.setHeader(name, value);
  res.end();
}

/** Node has lower-cased the names and joined repeated values, as a `Headers` does. */
function headersOf({ headers }: NodeRequest): DeliveryHeaders {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return typeof value === 'string' ? value : (value?.join(', ') ?? null);
    },
  };
}

/** No more bytes come than the length said: Node's parser sees to that. */
function readBytes(req: NodeRequest, maxBytes: number): Promise<Uint8Array> {
  if (Number(req.headers['content-length']) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.once('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    req.once('error', (cause) => reject(cutShort(cause)));
  });
}
