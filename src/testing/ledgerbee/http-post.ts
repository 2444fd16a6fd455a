/**
 * One POST as a webhook sender makes it: no redirect is followed, no connection is kept, every `*.localhost`
 * name is this machine (Node's resolver does not promise that).
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { lookup } from 'node:dns';
import { isLoopbackHost } from './loopback.js';

/** `status` is `null` where no answer came; `error` then says why. */
export interface PostResult {
  readonly status: number | null;
  readonly error: string | null;
}

/** Never rejects. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<PostResult> {
  return new Promise((resolve) => {
    const target = new URL(url);
    const bytes = Buffer.from(body);
    const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]);
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      signal,
      lookup: loopbackFirst,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': bytes.byteLength },
    };
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(target, options, (answer) => {
      // Read to the end: an answer that stalls half-way is a time-out too.
      answer.resume();
      answer.once('end', () => resolve({ status: answer.statusCode ?? null, error: null }));
      answer.once('error', fail);
    });
    outgoing.once('error', fail);
    outgoing.end(bytes);

    function fail(error: Error & { code?: string }): void {
      const timedOut = signal.aborted && !closing.aborted;
      resolve({ status: null, error: timedOut ? 'timeout' : (error.code ?? error.message) });
    }
  });
}

const loopbackFirst: NonNullable<RequestOptions['lookup']> = (hostname, options, done) => {
  if (!isLoopbackHost(hostname)) {
    lookup(hostname, options, done);
    return;
  }
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};
