/** A process that is told to end while deliveries come: it ends by itself, and nothing that it accepted is lost. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deferred } from '../support/http.js';
import { World } from './kit/world.js';

const SERVER = fileURLToPath(new URL('./kit/sigterm-server.ts', import.meta.url));

let world: World;
let child: ChildProcess | null = null;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  if (child !== null && child.exitCode === null) child.kill('SIGKILL');
  await world.close();
});

it('a server that gets SIGTERM ends by itself, and every delivery it accepted is on disk', async () => {
  const args = ['--import', 'tsx', '--conditions=checkout-embed-source', SERVER, world.url, world.schema];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = server;
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const port = Number(/^listening (\d+)$/.exec(line)?.[1]);

  const agent = new Agent({ keepAlive: true });
  const accepted: string[] = [];
  const statuses = new Set<number>();
  const enough = deferred();
  let next = 0;
  const client = async (): Promise<void> => {
    for (;;) {
      const id = `msg-${(next += 1)}`;
      const status = await deliver(agent, port, id);
      statuses.add(status);
      // The server is gone: a vendor would come again later, and find another.
      if (status === 0) return;
      if (status === 204) accepted.push(id);
      if (accepted.length >= 50) enough.resolve();
    }
  };
  const clients = Array.from({ length: 16 }, client);
  await enough.promise;
  server.kill('SIGTERM');
  const [code, signal] = (await once(server, 'exit')) as [number | null, string | null];
  await Promise.all(clients);
  agent.destroy();
  expect([code, signal]).toEqual([0, null]);
  // Nothing between "on disk" and "come again": no 500, and no other 2xx.
  expect([...statuses].filter((status) => ![0, 204, 503].includes(status))).toEqual([]);
  const { rows } = await world.pool.query<{ message_id: string }>(
    `SELECT message_id FROM ${world.schema}.inbox`,
  );
  const stored = new Set(rows.map((row) => row.message_id));
  expect(accepted.filter((id) => !stored.has(id))).toEqual([]);
});

/** @returns the status; 0 where no answer came. */
function deliver(agent: Agent, port: number, id: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'x-id': id, 'x-signature': 'good', 'content-type': 'application/json' };
    const path = '/checkout/webhooks/ledgerbee';
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    sent.on('error', () => resolve(0));
    sent.end(JSON.stringify({ subject: `sub-${id}`, reference: `order-${id}` }));
  });
}
