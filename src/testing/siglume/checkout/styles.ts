/** The hosted checkout's look: its own colors over the sandboxes' common sheet. */
import { PORTAL_STYLES } from '../../ledgerbee/portal/styles.js';

export const CHECKOUT_STYLES = /* css */ `${PORTAL_STYLES}
:root {
  --brand: #0f6b5c; --brand-over: #0b5448; --brand-ink: #ffffff; --tint: #e1f3ef; --tint-ink: #0b5448; --ground: #f4f7f6;
}
@media (prefers-color-scheme: dark) {
  :root { --brand: #6fd6c1; --brand-over: #93e4d4; --brand-ink: #06231d; --tint: #123029; --tint-ink: #a5eadc; --ground: #0f1413; }
}
main.pay { max-width: 480px; padding-top: clamp(16px, 6vh, 56px); }
.maker { display: flex; align-items: center; gap: 10px; margin-bottom: 20px; font-weight: 650; }
.maker i { width: 26px; height: 26px; border-radius: 8px; background: var(--brand); }
.maker .tag { margin-left: auto; background: var(--tint); color: var(--tint-ink); }
.sheet { display: grid; gap: 20px; padding: clamp(18px, 5vw, 28px); border: 1px solid var(--line); border-radius: 18px; background: var(--raised); box-shadow: var(--shadow); }
.due { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 4px 16px; font-size: 1rem; letter-spacing: 0; font-weight: 400; }
.due strong { color: var(--ink); font-weight: 620; }
.due b { font-weight: 680; font-size: 1.875rem; line-height: 1.15; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.steps { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 0; padding: 0; list-style: none; font-size: .8125rem; color: var(--quiet); }
.steps li { padding-top: 8px; border-top: 3px solid var(--line); }
.steps li[aria-current], .steps li.done { border-color: var(--brand); color: var(--ink); }
.steps li[aria-current] { font-weight: 620; }
.wallet { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px 16px; padding: 14px 16px; border-radius: 12px; background: var(--sunken); font-size: .9375rem; }
.wallet dt { overflow-wrap: normal; }
.wallet dd { text-align: right; font-weight: 620; overflow-wrap: anywhere; }
`;
