/** What the buttons of a surface do, and what happens when the page has loaded (contract §2.2, §1.4). */
export const FRAME_SURFACE = `
function clearCardsError() {
  $('[data-cards-error]').hidden = true;
  $('[data-popup]').hidden = true;
}

/** Opened inside the click, before the host is asked for a bind ref, or the browser would block the tab. */
async function breakOut(item) {
  const path = config.breakoutPath.replace(':item', item);
  const tab = config.target === '_top' ? null : window.open('about:blank', '_blank');
  const ref = await bridge.requestBindToken({ ...idsOf(item), vanity: config.vanity });
  // In the fragment: it reaches the page and no server log.
  const url = path + (ref === null ? '' : '#bind=' + encodeURIComponent(ref));
  if (config.target === '_top') navigateTop(url, () => offerLink(url));
  else if (tab === null) offerLink(url);
  else tab.location.replace(url);
}

function offerLink(url) {
  $('[data-popup-link]').href = url;
  $('[data-popup]').hidden = false;
}

function buy(item) {
  clearCardsError();
  const detail = { ...idsOf(item), vanity: config.vanity };
  if (config.target === 'callback') return bridge.send('checkoutInitiated', { ...detail, deferred: true });
  if (config.target !== 'inline') {
    bridge.send('checkoutInitiated', detail);
    return void breakOut(item);
  }
  if (config.initiatedInline) bridge.send('checkoutInitiated', detail);
  void openCheckout(item, true);
}

/** Cards are returned to in silence; without cards the checkout is closed, and says so. */
function leave(item) {
  current = null;
  viewOf('checkout').remove();
  if (config.surface === 'cards') {
    clearCardsError();
    return show(viewOf('cards'), true);
  }
  show(viewOf('closed'), true);
  bridge.send('checkoutClosed', idsOf(item));
}

function takeHandedRef() {
  const ref = new URLSearchParams(location.hash.slice(1)).get('bind');
  if (ref !== null) history.replaceState(null, '', location.pathname + location.search);
  return ref;
}

function watchHeight() {
  let sent = 0;
  const main = $('#portal');
  new ResizeObserver(() => {
    const height = Math.ceil(main.getBoundingClientRect().height);
    if (height === sent) return;
    sent = height;
    bridge.send('resize', { height });
  }).observe(main);
}

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('[data-buy], [data-cta], [data-leave], [data-restart]');
  if (pressed === null) return;
  const { buy: buyItem, cta, ctaLink } = pressed.dataset;
  const item = pressed.closest('[data-item]').dataset.item;
  if (buyItem !== undefined) buy(buyItem);
  else if (cta !== undefined) {
    const detail = { ...idsOf(cta), vanity: config.vanity, ctaLink: ctaLink === '' ? null : ctaLink };
    bridge.send('customCtaClicked', detail);
  } else if (pressed.dataset.leave !== undefined) leave(item);
  else void openCheckout(item, true);
});

document.addEventListener('submit', (event) => {
  event.preventDefault();
  void confirmCheckout();
});

document.addEventListener('change', (event) => {
  if (event.target.name !== 'startDate') return;
  const due = $('[data-due]', event.target.closest('[data-view]'));
  due.textContent = event.target.value > config.today ? due.dataset.later : due.dataset.today;
});

if (config.item === null) show(viewOf('cards'), false);
else void openCheckout(config.item, false, config.surface === 'breakout' ? takeHandedRef() : undefined);

// After a frame that showed the data, or at once where the page is not painted (a hidden tab).
const painted = () => {
  if (config.item === null || config.pageLoadedOnItem) bridge.send('pageLoaded', {});
  if (config.robot !== null) void pressAsBuyer(config.robot);
};
if (document.visibilityState === 'hidden') painted();
else requestAnimationFrame(() => setTimeout(painted, 0));
watchHeight();
`;
