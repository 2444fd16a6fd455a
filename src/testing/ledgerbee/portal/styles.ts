/** The one style sheet of the portal's pages: light and dark, from 320 px up, no font or image to fetch. */
export const PORTAL_STYLES = /* css */ `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #ffffff; --sunken: #f5f6f8; --line: #dfe2e8; --line-strong: #848b99;
  --ink: #171a21; --quiet: #565d6b; --brand: #4338ca; --brand-ink: #ffffff; --brand-over: #372fa8;
  --tint: #eeedfd; --tint-ink: #3730a3; --good: #14713d; --good-tint: #e4f5ea; --bad: #b3261e; --bad-tint: #fdecea;
  --shadow: 0 1px 2px rgb(23 26 33 / .06), 0 6px 20px -8px rgb(23 26 33 / .14);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12141a; --raised: #1a1d25; --sunken: #171a21; --line: #2d323d; --line-strong: #7b8494;
    --ink: #f1f3f7; --quiet: #a6adbb; --brand: #a5a0ff; --brand-ink: #14122e; --brand-over: #bfbbff;
    --tint: #25233f; --tint-ink: #c9c6ff; --good: #6fd498; --good-tint: #14291d; --bad: #ff9d94; --bad-tint: #34191a;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 20px; overflow-wrap: anywhere; }
main.narrow { max-width: 560px; }
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 650; }
h2 { font-size: 1.0625rem; line-height: 1.35; font-weight: 620; }
h1:focus { outline: none; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
.lead { margin-top: 6px; color: var(--quiet); max-width: 60ch; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; border-radius: 6px; }

.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 44px; padding: 10px 18px;
  border: 1px solid transparent; border-radius: 10px; background: var(--brand); color: var(--brand-ink);
  font: inherit; font-weight: 600; text-decoration: none; text-align: center; cursor: pointer;
  transition: background-color .12s;
}
.button:hover { background: var(--brand-over); }
.button:focus-visible { border-radius: 10px; }
.button.second { background: transparent; color: var(--ink); border-color: var(--line-strong); }
.button.second:hover { background: var(--sunken); }
.button.wide { width: 100%; }
.button[disabled], .button[aria-disabled="true"] { opacity: .55; cursor: default; }
.text-button {
  display: inline-flex; align-items: center; gap: 6px; min-height: 44px; padding: 0 4px; margin: -10px 0 0 -4px;
  border: 0; background: none; color: var(--quiet); font: inherit; font-size: .9375rem; cursor: pointer;
}
.text-button:hover { color: var(--ink); }

.cards { list-style: none; display: grid; gap: 16px; margin-top: 24px; grid-template-columns: repeat(auto-fit, minmax(min(230px, 100%), 1fr)); }
.card {
  position: relative; display: flex; flex-direction: column; gap: 14px; padding: 22px 18px 18px;
  border: 1px solid var(--line); border-radius: 16px; background: var(--raised); box-shadow: var(--shadow);
}
.card.featured { border-color: var(--brand); }
.badge {
  position: absolute; top: -11px; left: 18px; padding: 2px 10px; border-radius: 999px;
  background: var(--brand); color: var(--brand-ink); font-size: .75rem; font-weight: 650;
}
.price { min-height: 36px; display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; }
.price b { font-size: 1.5rem; line-height: 1.2; letter-spacing: -.02em; font-weight: 680; font-variant-numeric: tabular-nums; }
.features { list-style: none; display: grid; align-content: start; gap: 8px; flex: 1; font-size: .9375rem; color: var(--quiet); }
.features li { display: flex; gap: 10px; }
.features li::before {
  content: ""; flex: none; width: 7px; height: 12px; margin: 4px 3px 0; border: solid var(--brand);
  border-width: 0 2px 2px 0; transform: rotate(42deg);
}

.checkout { display: grid; gap: 20px 32px; margin-top: 16px; }
@media (min-width: 760px) { .checkout { grid-template-columns: minmax(0, 1fr) 320px; align-items: start; } .checkout aside { order: 2; } }
.panel { padding: 20px; border: 1px solid var(--line); border-radius: 16px; background: var(--sunken); }
.panel h2 { margin: 4px 0 6px; }
.panel dl { display: grid; grid-template-columns: 1fr auto; gap: 8px 16px; margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); }
.panel dd { text-align: right; font-weight: 620; font-variant-numeric: tabular-nums; }
form { display: grid; gap: 20px; }
.field { display: grid; gap: 6px; }
label, .label { font-weight: 600; font-size: .9375rem; }
input[type="email"], input[type="date"] {
  width: 100%; min-height: 46px; padding: 10px 12px; border: 1px solid var(--line-strong); border-radius: 10px;
  background: var(--raised); color: var(--ink); font: inherit;
}
input:focus-visible { outline-offset: 0; border-radius: 10px; }
input[aria-invalid="true"] { border-color: var(--bad); }
.check { display: flex; gap: 12px; align-items: flex-start; }
.check input { flex: none; width: 20px; height: 20px; margin: 2px 0 0; accent-color: var(--brand); }
.check label { font-weight: 500; }
details { font-size: .875rem; color: var(--quiet); margin-left: 32px; }
summary { cursor: pointer; width: fit-content; }
details p { margin-top: 8px; }
.identity { display: grid; gap: 2px; min-height: 72px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--sunken); align-content: center; }
.actions { display: flex; flex-wrap: wrap; gap: 12px; }
.actions .button { flex: 1 1 180px; }
.alert { padding: 12px 16px; border-radius: 12px; background: var(--bad-tint); color: var(--bad); font-weight: 550; }
.alert.top { margin-top: 16px; }
.alert .text-button { margin: 0; color: inherit; text-decoration: underline; min-height: 32px; }
.notice { padding: 12px 16px; border-radius: 12px; background: var(--tint); color: var(--tint-ink); }
.notice a { color: inherit; font-weight: 600; }

.end { display: grid; justify-items: center; gap: 10px; padding: 40px 8px 32px; text-align: center; }
.end p { color: var(--quiet); max-width: 46ch; }
.end .who { color: var(--ink); font-weight: 600; font-size: clamp(.875rem, 4.2vw, 1rem); }
.mark { display: grid; place-items: center; width: 56px; height: 56px; margin-bottom: 6px; border-radius: 50%; background: var(--tint); color: var(--tint-ink); }
.mark.good { background: var(--good-tint); color: var(--good); }
.mark.bad { background: var(--bad-tint); color: var(--bad); }
.mark svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.foot { display: flex; align-items: center; gap: 8px; margin-top: 24px; color: var(--quiet); font-size: .8125rem; }
.foot svg { flex: none; width: 14px; height: 14px; fill: none; stroke: currentColor; stroke-width: 2; }

.mails { list-style: none; display: grid; gap: 12px; margin-top: 20px; }
.mail { display: grid; gap: 10px; padding: 18px 20px; border: 1px solid var(--line); border-radius: 14px; background: var(--raised); box-shadow: var(--shadow); }
.mail header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; }
.tag { display: inline-block; padding: 1px 10px; border-radius: 999px; background: var(--sunken); color: var(--quiet); font-size: .8125rem; font-weight: 600; }
.payment { margin-top: 20px; padding: 24px; border: 1px solid var(--line); border-radius: 16px; background: var(--raised); box-shadow: var(--shadow); display: grid; gap: 20px; }
.payment .price { justify-content: space-between; }
.cardface { display: grid; gap: 22px; max-width: 340px; padding: 20px; border-radius: 14px; background: linear-gradient(135deg, #312e81, #6d28d9); color: #fff; font-variant-numeric: tabular-nums; letter-spacing: .08em; }
.cardface span:last-child { font-size: .8125rem; letter-spacing: 0; }
.stack { display: grid; gap: 10px; }
@media (prefers-reduced-motion: no-preference) { .busy::after { content: ""; width: 16px; height: 16px; border: 2px solid currentColor; border-right-color: transparent; border-radius: 50%; animation: turn .7s linear infinite; } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (forced-colors: active) { .card, .button { border: 1px solid; } }
`;
