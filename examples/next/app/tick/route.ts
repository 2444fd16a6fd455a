/** Serverless hosts keep no process for background work: a cron calls this every minute, with `CRON_SECRET` as its bearer token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { kit } from '../../../shop.js';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

export async function GET(request: Request): Promise<Response> {
  const secret = process.env['CRON_SECRET'] ?? '';
  const given = request.headers.get('authorization') ?? '';
  // An unset secret opens nothing.
  if (secret === '' || !timingSafeEqual(digest(given), digest(`Bearer ${secret}`))) {
    return new Response(null, { status: 401 });
  }
  await kit.tick();
  return new Response(null, { status: 204 });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
