/**
 * Fastify. It reads bodies by their content type before any handler runs. The kit's routes live in a plugin of
 * their own, where nothing is parsed: a signature covers the bytes as they were sent.
 */
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import Fastify from 'fastify';
import { host, kit, port, stopOnSignal } from './shop.js';

await kit.start();
// When it closes, a connection that a browser opened ahead and never used must not hold up the end.
const app = Fastify({ forceCloseConnections: true });
await app.register((checkout, _options, done) => {
  const handle = toNodeHandler(kit);
  checkout.removeAllContentTypeParsers();
  checkout.addContentTypeParser('*', (_request, _body, parsed) => parsed(null));
  checkout.all(`${kit.basePath}/*`, (request, reply) => {
    // From here on the answer is the kit's: Fastify neither sends nor ends it.
    reply.hijack();
    handle(request.raw, reply.raw);
  });
  done();
});
app.post('/cart', (request) => ({ added: request.body }));
await app.listen({ port, host });
stopOnSignal(() => app.close());
