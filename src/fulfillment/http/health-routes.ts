import type { Readiness } from '../readiness.js';
import { json, RefusalError } from './answers.js';

/** Liveness: the process answers. Asks nobody, so that a database that is away restarts no process. */
export function healthRoute(request: Request): Response {
  onlyRead(request);
  return answer(request, 200, { status: 'ok' });
}

/** Readiness, with the reasons where it is not. */
export async function readyRoute(readiness: Readiness, request: Request): Promise<Response> {
  onlyRead(request);
  const reasons = await readiness.reasons();
  return reasons.length === 0
    ? answer(request, 200, { ready: true, reasons })
    : answer(request, 503, { ready: false, reasons }, { 'Retry-After': '1' });
}

function answer(
  request: Request,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const full = json(status, body, headers);
  return request.method === 'HEAD' ? new Response(null, full) : full;
}

function onlyRead(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  throw new RefusalError('method_not_allowed', 'This route answers GET and HEAD', { Allow: 'GET, HEAD' });
}
