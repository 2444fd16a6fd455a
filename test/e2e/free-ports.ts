/** Ports for the tests' own demo: free ones, chosen once and handed to every worker by the environment. */
import { createServer } from 'node:net';

const NAMES = [
  'E2E_SHOP_PORT',
  'E2E_PORTAL_PORT',
  'E2E_SIGLUME_PORT',
  'E2E_LEDYER_PORT',
  'E2E_POSTGRES_PORT',
] as const;

export interface E2ePorts {
  readonly shop: number;
  readonly portal: number;
  readonly siglume: number;
  readonly ledyer: number;
  readonly postgres: number;
}

/** The same answer in the runner and in its workers, which load the configuration again. */
export async function e2ePorts(): Promise<E2ePorts> {
  // All held at once: ports asked for one after the other may be the same.
  const missing = NAMES.filter((name) => process.env[name] === undefined);
  const ports = await freePorts(missing.length);
  for (const [index, name] of missing.entries()) process.env[name] = String(ports[index]);
  const [shop, portal, siglume, ledyer, postgres] = NAMES.map((name) => Number(process.env[name]));
  return { shop: shop!, portal: portal!, siglume: siglume!, ledyer: ledyer!, postgres: postgres! };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      await new Promise<void>((resolve, reject) => {
        probe.once('error', reject);
        probe.listen(0, '127.0.0.1', resolve);
      });
      const address = probe.address();
      return { probe, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
    }),
  );
  for (const { probe } of probes) await new Promise((resolve) => probe.close(resolve));
  return probes.map(({ port }) => port);
}
