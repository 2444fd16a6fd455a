/**
 * Asks the portal itself, from the page: the one way to tell a portal that is not there from a page that is
 * silent. Nothing is sent in the happy path, and never a cookie. Nothing here rejects.
 */
import type { FrameEvidence } from '../core/frame-evidence.js';

export type Probe = NonNullable<FrameEvidence['probe']>;

/** How long an answer may take, in milliseconds: `slow` and this much fit into the deadline. */
const ANSWER_MS = 3000;

/** Origins that a policy of this page was seen to forbid: said once, a second time would only be noise. */
const forbidden = new Set<string>();

/**
 * Whether the portal answers at all; `forbidden` where this page's policy stands in between.
 *
 * A forbidden request is an error in the merchant's console and may be a report to their endpoint. So nothing is
 * sent where a policy that forbids it can be read. One that came as a header cannot: there the noise is made
 * once per page, for a frame that is late already. It buys the difference between "the portal is down", which
 * is tried again, and "a page that says nothing", which is not.
 * @param isBlocked Whether this page's policy was seen to block the request. Asked a task later: the browser tells then.
 */
export async function probePortal(url: URL, signal: AbortSignal, isBlocked: () => boolean): Promise<Probe> {
  if (forbidden.has(url.origin) || markupForbids(url)) return 'forbidden';
  const answer = await ask(url, 'no-cors', signal);
  if (typeof answer === 'object') return 'opaque';
  if (answer === 'pending') return answer;
  await new Promise((resolve) => setTimeout(resolve));
  if (!isBlocked()) return answer;
  forbidden.add(url.origin);
  return 'forbidden';
}

/**
 * The status of the frame's page, where the portal lets this page read it; `undefined` elsewhere. A refusal
 * for want of a login says nothing: the frame has its cookies, and this request has none.
 */
export async function askStatus(url: URL, signal: AbortSignal): Promise<number | undefined> {
  const answer = await ask(url, 'cors', signal);
  return typeof answer === 'object' && answer.status !== 401 && answer.status !== 403
    ? answer.status
    : undefined;
}

async function ask(
  url: URL,
  mode: 'cors' | 'no-cors',
  signal: AbortSignal,
): Promise<Response | 'rejected' | 'pending'> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, ANSWER_MS);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    // Behind everything the buyer waits for.
    return await fetch(url, {
      mode,
      credentials: 'omit',
      cache: 'no-store',
      priority: 'low',
      signal: ended.signal,
    });
  } catch {
    return ended.signal.aborted ? 'pending' : 'rejected';
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    // Nobody reads the body.
    end();
  }
}

/** By a policy in the page's markup, the only kind that a page can read. Taken loosely: in doubt it allows. */
function markupForbids(url: URL): boolean {
  const metas = document.querySelectorAll<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy" i]');
  return Array.from(metas).some(({ content }) => {
    const directives = content.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/));
    const rule = ['connect-src', 'default-src']
      .map((wanted) => directives.find(([name]) => name === wanted))
      .find((found) => found !== undefined);
    return rule?.slice(1).some((source) => allows(source, url)) === false;
  });
}

function allows(source: string, { protocol, hostname, origin }: URL): boolean {
  if (source === '*' || source === protocol) return true;
  if (source === "'self'") return origin === location.origin;
  const host = source.replace(/^[a-z+.-]+:\/\//, '').replace(/[:/].*$/, '');
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : host === hostname;
}
