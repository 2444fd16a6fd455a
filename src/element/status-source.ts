/** Where the answers about an order come from: the page's own function, which stands over the handoff, or the handoff. */
import type { HandoffClient } from '../core/handoff-client.js';
import type { StatusReading, StatusSource } from '../core/status-watcher.js';
import type { AttemptHandle } from '../protocol/attempt.js';
import { decodeStatusAnswer, type StatusAnswer } from '../protocol/status.js';
import { PROTOCOL_VERSION } from '../protocol/version.js';
import { sayOnce, tell } from './developer-log.js';

/** What a merchant's own `getStatus` is told. */
export interface StatusRequest {
  readonly order: string | null;
  readonly signal: AbortSignal;
}

/** What became of the order, as the merchant's backend knows it; `null` for nothing new. */
export type StatusProvider = (request: StatusRequest) => Promise<Omit<StatusAnswer, 'v'> | null>;

export interface StatusSourceOptions {
  readonly client: HandoffClient | null;
  readonly order: string | null;
  /** Looked up when needed: a page may set it late. */
  readonly getStatus: () => StatusProvider | null;
  /** Whether a question is worth an attempt of its own: nobody may have clicked yet. */
  readonly mayAsk: () => boolean;
  /** The attempt that a question of the handoff is about. */
  readonly start: () => Promise<AttemptHandle>;
  /** The one that is shown; it may be another by the time of the answer. */
  readonly attemptId: () => string | null;
  /** What an answer left open may be answered now. */
  readonly onTold: () => void;
}

const NO_FUNCTION = 'getStatus is no function';
const NO_ANSWER = 'getStatus gave undefined: it must return a status, or null';

const NOTHING_NEW: StatusReading = { answer: null, retryAfterMs: null };

export function statusSource(options: StatusSourceOptions): StatusSource {
  const { client, getStatus } = options;
  if (client === null) return { read: (signal) => readOwn(options, signal) };
  return {
    read: (signal) =>
      getStatus() === null ? readHandoff(client, options, signal) : readOwn(options, signal),
    // The page's own function is polled.
    stream: (onAnswer, signal) =>
      getStatus() === null ? streamHandoff(client, options, onAnswer, signal) : Promise.resolve(),
  };
}

async function readOwn(
  { getStatus, order }: StatusSourceOptions,
  signal: AbortSignal,
): Promise<StatusReading> {
  const provider = getStatus();
  if (provider === null) return NOTHING_NEW;
  // Not everybody's functions are type-checked.
  if (typeof provider !== 'function') {
    sayOnce('error', NO_FUNCTION, NO_FUNCTION);
    return NOTHING_NEW;
  }
  const said = (await provider({ order, signal })) as Omit<StatusAnswer, 'v'> | null | undefined;
  if (said === undefined) sayOnce('warn', NO_ANSWER, NO_ANSWER);
  if (said === undefined || said === null) return NOTHING_NEW;
  const answer = decodeStatusAnswer({ ...said, v: PROTOCOL_VERSION });
  if (said.redirect !== undefined && answer.redirect === undefined)
    tell('redirect', 'getStatus gave a redirect that is no https URL: nobody is sent there', said.redirect);
  return { answer, retryAfterMs: answer.retryAfterMs ?? null, isProvided: true };
}

async function readHandoff(
  client: HandoffClient,
  { mayAsk, start, attemptId }: StatusSourceOptions,
  signal: AbortSignal,
): Promise<StatusReading> {
  if (!mayAsk()) return NOTHING_NEW;
  const handle = await start();
  // What it says of another try is of before it heard what it was not told yet.
  const isEarly = client.isUntold(handle);
  void client.resend();
  const { answer, retryAfterMs } = await client.status(handle, signal);
  // Meanwhile the buyer may have picked what is another attempt.
  if (answer === null || handle.id !== attemptId()) return { answer: null, retryAfterMs };
  return { answer: isEarly ? withoutRetry(answer) : answer, retryAfterMs };
}

async function streamHandoff(
  client: HandoffClient,
  { start, attemptId, onTold }: StatusSourceOptions,
  onAnswer: (answer: StatusAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  const handle = await start();
  let isTelling = false;
  const pass = (answer: StatusAnswer): void => {
    if (handle.id !== attemptId()) return;
    const isEarly = answer.retry === true && client.isUntold(handle);
    onAnswer(isEarly ? withoutRetry(answer) : answer);
    if (!isEarly || isTelling) return;
    isTelling = true;
    void client.whenTold(handle, signal).then(() => {
      isTelling = false;
      // A stream need not say the same again.
      if (!signal.aborted) onTold();
    });
  };
  await client.events(handle, pass, signal);
}

function withoutRetry(answer: StatusAnswer): StatusAnswer {
  return answer.retry === true ? { ...answer, retry: false } : answer;
}
