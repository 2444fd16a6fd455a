/** Node's own server. The kit answers under its base path and hands everything else on. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import { host, kit, port, stopOnSignal } from './shop.js';

await kit.start();
const checkout = toNodeHandler(kit);
const server = createServer((request, response) => {
  checkout(request, response, () => {
    if (request.method !== 'POST' || request.url !== '/cart') {
      response.writeHead(404).end();
      return;
    }
    json(request).then(
      (added) => response.end(JSON.stringify({ added })),
      () => response.writeHead(400).end(),
    );
  });
});
server.listen(port, host);
stopOnSignal(() => server.close());
