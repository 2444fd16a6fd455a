/**
 * Where effects land: another company's HTTP API that honors an idempotency key, and that fails as such do. What
 * it has done is what the verdict is read from.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { BLIND_PATH, type Doing } from './doings.js';
import type { Random } from './random.js';
import { serveLocally, type LocalServer } from './servers.js';

/** Shares of all calls, 0 to 1. */
const FAILS_BEFORE = 0.06;
const LOSES_ANSWER = 0.05;
const SILENT = 0.02;
/** How long the work takes, in milliseconds: from, to. */
const WORK_MS = [0, 12] as const;

const FAULTS = ['failed before doing', 'did, and lost the answer', 'never answered'] as const;

export type SinkFault = (typeof FAULTS)[number];

export interface Sink extends LocalServer {
  /** In the order they were done; a repetition under a known key is none. */
  readonly doings: readonly Doing[];
  readonly calls: () => number;
  /** Calls whose key was known already. */
  readonly absorbed: () => number;
  /** Calls that honor no key, and of which the caller cannot know how they ended. */
  readonly unknown: () => number;
  readonly faults: ReadonlyMap<SinkFault, number>;
}

export async function serveSink(random: Random): Promise<Sink> {
  const doings: Doing[] = [];
  const keys = new Set<string>();
  const faults = new Map<SinkFault, number>(FAULTS.map((fault) => [fault, 0]));
  let calls = 0;
  let absorbed = 0;
  let unknown = 0;

  const act = async (doing: Doing, isBlind: boolean, response: ServerResponse): Promise<void> => {
    const fault = chooseFault(random);
    if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    if (isBlind && (fault === 'never answered' || fault === 'did, and lost the answer')) unknown += 1;
    if (fault === 'never answered') return;
    if (fault === 'failed before doing') {
      response.writeHead(503).end();
      return;
    }
    // The head of the answer goes first, so that a caller can die while the work is done.
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    await pause(random.between(...WORK_MS));
    if (!isBlind && keys.has(doing.key)) absorbed += 1;
    else {
      keys.add(doing.key);
      doings.push(doing);
    }
    if (fault === 'did, and lost the answer') response.destroy();
    else response.end(JSON.stringify({ done: true }));
  };

  const server = await serveLocally((request, response) => {
    calls += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A request that broke off asked for nothing.
    request.on('end', () => {
      const doing = JSON.parse(Buffer.concat(chunks).toString()) as Doing;
      void act(doing, request.url === BLIND_PATH, response);
    });
  });
  return {
    ...server,
    doings,
    calls: () => calls,
    absorbed: () => absorbed,
    unknown: () => unknown,
    faults,
  };
}

function chooseFault(random: Random): SinkFault | null {
  if (random.chance(FAILS_BEFORE)) return 'failed before doing';
  if (random.chance(LOSES_ANSWER)) return 'did, and lost the answer';
  if (random.chance(SILENT)) return 'never answered';
  return null;
}
