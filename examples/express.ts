/** Express. The kit stands before every body parser: a signature covers the bytes as they were sent. */
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import express from 'express';
import { host, kit, port, stopOnSignal } from './shop.js';

await kit.start();
const app = express();
app.use(toNodeHandler(kit));
app.use(express.json());
app.post('/cart', (request, response) => {
  response.json({ added: request.body as unknown });
});
const server = app.listen(port, host);
stopOnSignal(() => server.close());
