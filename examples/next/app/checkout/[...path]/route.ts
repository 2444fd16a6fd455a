/** Next.js: `app/checkout/[...path]/route.ts` answers everything below `/checkout`. Its requests are the platform's own. */
import { kit } from '../../../../shop.js';

/** The kit needs Node: `pg` speaks TCP. */
export const runtime = 'nodejs';
/** Nothing of it may be answered from a cache. */
export const dynamic = 'force-dynamic';

const answer = (request: Request): Promise<Response> => kit.fetch(request);
export { answer as GET, answer as OPTIONS, answer as POST };
