/** Which handler answers which method and path. `:name` is one segment. */
import type { Reply, SandboxRequest } from './http.js';

export type Params = Readonly<Record<string, string>>;
export type RouteHandler = (request: SandboxRequest, params: Params) => Reply | Promise<Reply>;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly segments: readonly string[];
  readonly handler: RouteHandler;
}

export function route(method: Route['method'], path: string, handler: RouteHandler): Route {
  return { method, segments: path.split('/'), handler };
}

/** The first route that fits, in the order given. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly handler: RouteHandler; readonly params: Params } | null {
  const segments = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== (method === 'HEAD' ? 'GET' : method)) continue;
    const params = match(candidate.segments, segments);
    if (params !== null) return { handler: candidate.handler, params };
  }
  return null;
}

function match(pattern: readonly string[], segments: readonly string[]): Params | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const given = segments[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== given) return null;
      continue;
    }
    const value = decode(given);
    if (value === null || value === '') return null;
    params[expected.slice(1)] = value;
  }
  return params;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
