/** The vendor's API as a process of the merchant meets it on a bad day. */
import type { ServerResponse } from 'node:http';
import type { Random } from './random.js';
import { serveLocally, type LocalServer } from './servers.js';
import type { ApiAnswer, ApiCall, ChaosVendor } from './vendor.js';

/** Shares of all calls, 0 to 1. */
const RATE_LIMITED = 0.006;
const UNAVAILABLE = 0.05;
const SILENT = 0.01;
const RESET = 0.02;
const LOSES_ANSWER = 0.02;

export const API_FAULTS = [
  'rate limited',
  'unavailable',
  'silent',
  'reset',
  'cut off after it had done what it was asked',
] as const;

export type ApiFault = (typeof API_FAULTS)[number];

export interface VendorApi extends LocalServer {
  readonly calls: () => number;
  readonly faults: ReadonlyMap<ApiFault, number>;
}

export async function serveVendorApi(vendor: ChaosVendor, random: Random): Promise<VendorApi> {
  const faults = new Map<ApiFault, number>(API_FAULTS.map((fault) => [fault, 0]));
  let calls = 0;
  const act = async (call: ApiCall, response: ServerResponse): Promise<void> => {
    const fault = chooseFault(random);
    if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    const send = ({ status, body, headers }: ApiAnswer): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    switch (fault) {
      case null:
        send(await vendor.answer(call));
        break;
      case 'rate limited':
        send(vendor.refuse(429, 1));
        break;
      case 'unavailable':
        send(vendor.refuse(random.pick([500, 502, 503]) ?? 500));
        break;
      case 'reset':
        response.destroy();
        break;
      case 'cut off after it had done what it was asked':
        await vendor.answer(call);
        response.destroy();
        break;
      case 'silent':
        // The caller's time-out ends it.
        break;
    }
  };
  const server = await serveLocally((request, response) => {
    calls += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request;
      const body = Buffer.concat(chunks).toString();
      const call = {
        method,
        url: new URL(url, 'http://vendor.test'),
        headers: headers as ApiCall['headers'],
        body,
      };
      act(call, response).catch(() => response.destroy());
    });
  });
  return { ...server, calls: () => calls, faults };
}

function chooseFault(random: Random): ApiFault | null {
  if (random.chance(RATE_LIMITED)) return 'rate limited';
  if (random.chance(UNAVAILABLE)) return 'unavailable';
  if (random.chance(SILENT)) return 'silent';
  if (random.chance(RESET)) return 'reset';
  if (random.chance(LOSES_ANSWER)) return 'cut off after it had done what it was asked';
  return null;
}
