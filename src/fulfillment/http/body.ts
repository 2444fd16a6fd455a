import { DecodeError } from '../../protocol/index.js';
import { RefusalError } from './answers.js';

/**
 * The body's bytes, exactly as they came.
 * @throws {RefusalError} `payload_too_large` as soon as there are more than `maxBytes`; the rest is not read.
 *   `bad_request` where it breaks off.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw cutShort(cause);
    });
    if (done) return new Uint8Array(Buffer.concat(chunks));
    size += value.byteLength;
    if (size > maxBytes) {
      // Not waited for: a source that does not listen must not hold the answer back.
      reader.cancel().catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
}

/**
 * The bytes of a body that says it is JSON.
 * @throws {RefusalError} `unsupported_media_type`, `payload_too_large`
 */
export async function readJsonBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new RefusalError('unsupported_media_type', 'Send Content-Type: application/json');
  }
  return readBytes(request, maxBytes);
}

/** @throws {RefusalError} `bad_request`, `unsupported_version` */
export function decodeJson<T>(bytes: Uint8Array, decode: (value: unknown) => T): T {
  try {
    return decode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    if (error instanceof DecodeError) {
      throw new RefusalError(error.field === 'v' ? 'unsupported_version' : 'bad_request', error.message);
    }
    throw new RefusalError('bad_request', 'The body must be JSON in UTF-8');
  }
}

export function tooLarge(maxBytes: number): RefusalError {
  return new RefusalError('payload_too_large', `The body may have at most ${maxBytes} bytes`);
}

/** Its sender went away: none of our trouble, and nobody is there to read the answer. */
export function cutShort(cause: unknown): RefusalError {
  // What was wrong with the body already is said as it is.
  if (cause instanceof RefusalError) return cause;
  const refusal = new RefusalError('bad_request', 'The body broke off before its end');
  refusal.cause = cause;
  return refusal;
}
