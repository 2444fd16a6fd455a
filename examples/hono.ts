/** Hono, and everything else that speaks `Request → Response`: the kit is such a function itself. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { host, kit, port, stopOnSignal } from './shop.js';

await kit.start();
const app = new Hono();
app.all(`${kit.basePath}/*`, (context) => kit.fetch(context.req.raw));
app.post('/cart', async (context) => context.json({ added: await context.req.json<unknown>() }));
const server = serve({ fetch: app.fetch, port, hostname: host });
stopOnSignal(() => server.close());
