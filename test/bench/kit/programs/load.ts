/**
 * The vendor's side: so many connections, on each one delivery after the other, never two at a time. HTTP/1.1
 * over plain sockets, written here: Node's own client would take a part of the machine that is the server's to
 * use. The requests are made before the clock runs.
 */
import { connect, type Socket } from 'node:net';
import { newDelivery } from '../deliveries.js';
import { program } from './program.js';

export interface LoadInput {
  readonly port: number;
  readonly secret: string;
  readonly connections: number;
}

export interface LoadQuestion {
  /** Before the clock runs. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Deliveries to make beforehand: more than can be sent. */
  readonly prepare: number;
}

export interface LoadAnswer {
  /** Answered with 2xx while the clock ran. */
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  /** Of each accepted delivery, from its first byte to the answer's, sorted. */
  readonly latenciesMs: { readonly p50: number; readonly p99: number };
}

program(({ port, secret, connections }: LoadInput) => ({
  ready: {},
  answer: (question: LoadQuestion): Promise<LoadAnswer> => run(port, secret, connections, question),
  end: () => undefined,
}));

async function run(
  port: number,
  secret: string,
  connections: number,
  { warmUpMs, durationMs, prepare }: LoadQuestion,
): Promise<LoadAnswer> {
  const requests = Array.from({ length: prepare }, () => requestOf(secret, port));
  const latencies: number[] = [];
  let refused = 0;
  let from = Infinity;
  let until = Infinity;
  const clients = Array.from({ length: connections }, () =>
    client(port, () => (performance.now() < until ? requests.pop() : undefined), {
      answered: (status, sentAt) => {
        const now = performance.now();
        if (status < 200 || status > 299) refused += 1;
        else if (now >= from && now < until) latencies.push(now - sentAt);
      },
    }),
  );
  from = performance.now() + warmUpMs;
  until = from + durationMs;
  await Promise.all(clients);
  if (requests.length === 0) throw new Error('more deliveries were sent than had been made');
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return {
    accepted: latencies.length,
    refused,
    seconds: durationMs / 1000,
    latenciesMs: { p50: at(0.5), p99: at(0.99) },
  };
}

function requestOf(secret: string, port: number): Buffer {
  const { headers, body } = newDelivery(secret);
  const lines = [
    'POST /checkout/webhooks/ledgerbee HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'user-agent: bench',
    'accept: */*',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** One connection. Resolves when there is nothing left to send. */
function client(
  port: number,
  next: () => Buffer | undefined,
  { answered }: { readonly answered: (status: number, sentAt: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let rest = '';
    const send = (): void => {
      const request = next();
      if (request === undefined) {
        socket.end();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    socket.once('connect', send);
    socket.once('error', reject);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      rest += String(chunk);
      const length = wholeAnswer(rest);
      if (length === null) return;
      const status = Number(rest.slice(9, 12));
      rest = rest.slice(length);
      answered(status, sentAt);
      send();
    });
  });
}

/** Its length, or `null` while there is more to come. The kit's answers have a length or no body. */
function wholeAnswer(text: string): number | null {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return null;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return text.length < end ? null : end;
}
