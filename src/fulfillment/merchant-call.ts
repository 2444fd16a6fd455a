/** A function of the merchant's that throws: which one it was, and where in their code. */
import { ConfigurationError } from './errors.js';

/** The merchant's functions that a request waits for. */
export type MerchantFunction = 'identify' | 'resolveOrder' | 'clientKey';

/** What was thrown is the `cause`; the message repeats nothing of it. */
export class MerchantFunctionError extends Error {
  override readonly name = 'MerchantFunctionError';
  readonly functionName: MerchantFunction;
  constructor(functionName: MerchantFunction, cause: unknown) {
    super(`Your function ${functionName} threw`, { cause });
    this.functionName = functionName;
  }
}

/**
 * @throws {MerchantFunctionError} when the function throws or rejects.
 * @throws {ConfigurationError} as it was thrown: by a call of the kit's own that the function made.
 */
export async function callMerchant<T>(
  functionName: MerchantFunction,
  call: () => T | Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new MerchantFunctionError(functionName, error);
  }
}

/** A frame's place: a path or a URL, a line, a column. Node's own modules are `node:…`. */
const PLACE = /^\s+at (?:.*? \()?(?:async )?((?!node:)(?:\/|[A-Za-z]:\\|[a-z][a-z+.-]*:\/\/).*:\d+:\d+)\)?$/;

/**
 * Where the merchant's code was when it threw, as `file:line:column`: the first frame that is neither of a package nor
 * of Node. Nothing of the message, which may hold buyer data, however many lines it has and whatever they look like.
 * @returns `null` where the stack does not say.
 */
export function placeOf(error: unknown): string | null {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return null;
  const { stack, message } = error;
  const at = stack.indexOf(message);
  // A message that was changed since is still in the stack as it was: then nothing tells its lines from frames.
  if (at < 0) return null;
  for (const line of stack.slice(at + message.length).split('\n')) {
    const place = line.includes('eval at ') ? undefined : PLACE.exec(line)?.[1];
    if (place !== undefined && !/[\\/]node_modules[\\/]/.test(place)) return place;
  }
  return null;
}
