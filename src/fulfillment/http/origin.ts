import { RefusalError } from './answers.js';

/** How long a browser may remember a preflight's answer, in seconds. */
const PREFLIGHT_SECONDS = 600;

/** Which pages may call the handoff routes. Webhooks are no page's business and pass by here. */
export class OriginPolicy {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /**
   * A page of a listed origin, or of our own as the browser says. A request that changes something and names
   * neither is refused: every browser names the origin of a POST. Reads without either come from old browsers
   * on our own pages; no other page can see the answer.
   * @throws {RefusalError} `origin_not_allowed`
   */
  check(request: Request): void {
    const origin = request.headers.get('origin');
    const site = request.headers.get('sec-fetch-site');
    const allowed =
      origin === null
        ? site === 'same-origin' || site === 'none' || (site === null && request.method === 'GET')
        : this.#origins.has(origin) || site === 'same-origin' || origin === new URL(request.url).origin;
    if (!allowed) {
      throw new RefusalError(
        'origin_not_allowed',
        "This page's origin may not call. List it in the kit's `origins`, or call from a page of the same origin.",
      );
    }
  }

  /** Answers a preflight. */
  preflight(request: Request): Response {
    this.check(request);
    return this.expose(
      request,
      new Response(null, {
        status: 204,
        headers: {
          'Access-Control-Allow-Methods': 'GET, POST',
          'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key, if-none-match',
          'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
        },
      }),
    );
  }

  /** Lets the calling page read the answer, its cookies included, if its origin is listed. */
  expose(request: Request, response: Response): Response {
    const origin = request.headers.get('origin');
    response.headers.append('Vary', 'Origin');
    if (origin !== null && this.#origins.has(origin)) {
      response.headers.set('Access-Control-Allow-Origin', origin);
      response.headers.set('Access-Control-Allow-Credentials', 'true');
      response.headers.set('Access-Control-Expose-Headers', 'ETag, Retry-After');
    }
    return response;
  }
}
