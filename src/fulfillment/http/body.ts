import { DecodeError } from '../../protocol/index.js';
import { RefusalError } from './answers.js';

/**
 * The body's bytes, exactly as they came.
 * @throws {RefusalError} `payload_too_large` as soon as there are more than `maxBytes`; the rest is not read.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new RefusalError('payload_too_large', `The body may have at most ${maxBytes} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge;
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw tooLarge;
    }
    chunks.push(value);
  }
}

/**
 * A JSON body, decoded.
 * @throws {RefusalError}
 */
export async function readJson<T>(
  request: Request,
  maxBytes: number,
  decode: (value: unknown) => T,
): Promise<T> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new RefusalError('unsupported_media_type', 'Send Content-Type: application/json');
  }
  const bytes = await readBytes(request, maxBytes);
  try {
    return decode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    if (error instanceof DecodeError) {
      throw new RefusalError(error.field === 'v' ? 'unsupported_version' : 'bad_request', error.message);
    }
    throw new RefusalError('bad_request', 'The body must be JSON in UTF-8');
  }
}
