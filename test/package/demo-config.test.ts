import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../demo/config.js';
import { refuseTakenPort } from '../../demo/ports.js';

describe("the demo's settings", () => {
  it('have working defaults', () => {
    expect(readConfig({})).toMatchObject({
      shopPort: 4310,
      portalPort: 4320,
      siglumePort: 4340,
      ledyerPort: 4350,
      postgresPort: 4330,
      databaseUrl: null,
      timeScale: 1,
      takesMetered: false,
    });
  });

  it.each([
    ['SHOP_PORT', '0'],
    ['SHOP_PORT', '65536'],
    ['PORTAL_PORT', '43 20'],
    ['SIGLUME_PORT', '-1'],
    ['LEDYER_PORT', '1e3'],
    ['POSTGRES_PORT', '0x10'],
    ['DEMO_TIME_SCALE', '0'],
    ['DEMO_TIME_SCALE', '-1'],
    ['DEMO_METERED', 'yes'],
  ])('refuse %s=%s in one line that names the setting', (name, value) => {
    const read = (): unknown => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}=[^\n]*$`));
  });

  it('refuse a database address that is none, without repeating it', () => {
    const read = (): unknown => readConfig({ DATABASE_URL: 'mysql://me:topsecret@db/shop' });
    expect(read).toThrow(/^DATABASE_URL [^\n]*$/);
    expect(read).not.toThrow(/topsecret/);
  });

  it('refuse one port for two servers', () => {
    expect(() => readConfig({ SHOP_PORT: '5000', PORTAL_PORT: '5000' })).toThrow(/SHOP_PORT and PORTAL_PORT/);
  });

  it('say which setting moves a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(refuseTakenPort(port, 'SHOP_PORT')).rejects.toThrow(
        `Port ${port} is taken by another program. Choose another: SHOP_PORT=<port> npm run demo`,
      );
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
