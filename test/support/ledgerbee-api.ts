/** A LedgerBee API on loopback that answers what a test tells it to, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FrameVendor } from '../../src/fulfillment/ports.js';
import { ledgerbee, type LedgerBeeOptions } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { closeServers, listenOn } from './http.js';
import { LEDGERBEE_OPTIONS } from './ledgerbee.js';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (seen: Seen, res: ServerResponse) => void;

/** Of a caller who never gives up. */
export const never = new AbortController().signal;

export class LedgerBeeStub {
  readonly seen: Seen[] = [];
  /** One for each call; the last stands for every further call. */
  answers: Answer[] = [];
  readonly baseUrl: string;

  private constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  static async start(): Promise<LedgerBeeStub> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const url = new URL(req.url ?? '/', 'http://vendor.test');
        const { headers, method = '' } = req;
        const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
        stub.seen.push(seen);
        const answer = stub.answers.length > 1 ? stub.answers.shift() : stub.answers[0];
        answer?.(seen, res);
      });
    });
    const stub = new LedgerBeeStub(`${await listenOn(server)}/api/v1`);
    return stub;
  }

  stop(): Promise<void> {
    return closeServers();
  }

  adapter(options: Partial<LedgerBeeOptions> = {}): FrameVendor {
    return ledgerbee({ ...LEDGERBEE_OPTIONS, apiBaseUrl: this.baseUrl, ...options });
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_, res) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The vendor's error envelope. */
export function refusal(statusCode: number, code: string, details?: unknown): unknown {
  return {
    statusCode,
    timestamp: '2026-06-01T12:00:00.000Z',
    path: '/v1/x',
    message: 'for logs',
    code,
    details,
  };
}

export function subscription(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'sub-1',
    customerId: 'customer-1',
    planId: 'plan-1',
    status: 'active',
    partnerReferenceId: 'order-1',
    ...fields,
  };
}
