/**
 * One checkout in the page: ask for a bind ref, mint a session, confirm it. Fires `checkoutConfirmed` and
 * `checkoutError` as documented (contract §2.2); a duplicate confirm fires nothing (U23), a card payment of a
 * bound buyer breaks out instead of confirming.
 */
export const FRAME_CHECKOUT = `
async function call(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    return { status: response.status, answer, failure: response.ok ? null : (answer.code ?? 'UNKNOWN') };
  } catch {
    return { status: 0, answer: null, failure: 'NETWORK' };
  }
}

function errorText({ status, answer, failure }) {
  switch (failure) {
    case 'NETWORK': return config.errors.network;
    case 'PORTAL_SELF_SIGNUP_DISABLED': return config.errors.signupOff;
    case 'PORTAL_CHECKOUT_TERMS_STALE': return config.errors.termsStale;
    case 'PORTAL_CHECKOUT_START_DATE_INVALID': return config.errors.startDate;
    case 'PORTAL_CHECKOUT_SESSION_INVALID': return status === 410 ? config.errors.expired : config.errors.mismatch;
    case 'SHARED_VALIDATION_FAILED':
      return answer.details.validationErrors[0].property === 'email' ? config.errors.email : config.errors.startDate;
    default: return config.errors.generic;
  }
}

/** The checkout that is open now; what an older one still hears is dropped. */
let current = null;

const idsOf = (item) => ({ planVersionId: config.planVersionId, planItemId: item });

/** @param bindRef Handed over by the page that broke out, or undefined: ask the host. */
async function openCheckout(item, moveFocus, bindRef) {
  const view = checkoutViewOf(item);
  const checkout = { item, view, session: null };
  current = checkout;
  view.dataset.phase = 'opening';
  view.dataset.paymentRequired = 'no';
  clearIdentity(view);
  showError(view, null, false);
  setBusy(view, true);
  show(view, moveFocus);
  const ref = bindRef === undefined ? await bridge.requestBindToken({ ...idsOf(item), vanity: config.vanity }) : bindRef;
  if (current !== checkout) return;
  const minted = await call('POST', '/api/checkout/session', {
    ...idsOf(item),
    lang: config.lang,
    ...(ref === null ? {} : { bindRef: ref }),
    ...(config.planToken === null ? {} : { token: config.planToken }),
    ...(config.returnUrl === null ? {} : { returnUrl: config.returnUrl }),
  });
  if (current !== checkout) return;
  if (minted.failure !== null) return rejectMint(checkout, errorText(minted));
  checkout.session = minted.answer;
  view.dataset.phase = 'open';
  view.dataset.paymentRequired = minted.answer.paymentRequired ? 'yes' : 'no';
  fillIdentity(view, minted.answer.customer);
  fillTerms(view, minted.answer.terms.version, false);
  setBusy(view, false);
}

/** With cards to return to the buyer returns there; without them the frame ends here (U26). Never "closed" as well. */
function rejectMint({ item }, message) {
  current = null;
  if (config.surface === 'cards') {
    const box = $('[data-cards-error]');
    box.textContent = message;
    box.hidden = false;
    show(viewOf('cards'), true);
  } else {
    const view = viewOf('failed');
    $('[data-text]', view).textContent = message;
    show(view, true);
  }
  bridge.send('checkoutError', { ...idsOf(item), reason: 'SESSION_MINT_FAILED' });
}

function readForm({ view, session }) {
  const email = $('[name=email]', view).value.trim();
  const startDate = $('[name=startDate]', view).value;
  const wrong = [
    invalid(view, 'email', session.customer === null && !/^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/.test(email)),
    invalid(view, 'startDate', startDate === '' || startDate < config.today),
    invalid(view, 'terms', !$('[name=terms]', view).checked),
  ].find((input) => input !== null);
  if (wrong !== undefined) {
    const messages = { email: config.errors.email, startDate: config.errors.startDate, terms: config.errors.termsMissing };
    showError(view, messages[wrong.name], false);
    wrong.focus();
    return null;
  }
  return {
    ...(session.customer === null ? { email } : {}),
    // Today means at once, whatever the buyer's time zone makes of midnight.
    ...(startDate === config.today ? {} : { startDate }),
    acceptedTermsVersion: session.terms.version,
  };
}

async function confirmCheckout() {
  const checkout = current;
  if (checkout === null || checkout.session === null || checkout.view.dataset.phase !== 'open') return;
  const body = readForm(checkout);
  if (body === null) return;
  const { view, session } = checkout;
  // Opened inside the click, or the browser would block it; sent on its way once there is a payment.
  const paysInTab = session.paymentRequired && config.onPay === 'new-tab';
  const tab = paysInTab ? window.open('about:blank', '_blank') : null;
  view.dataset.phase = 'confirming';
  showError(view, null, false);
  setBusy(view, true);
  const submit = () => call('POST', '/api/checkout/session/' + session.id + '/confirm', body);
  const answers = await Promise.all(session.submitTwice ? [submit(), submit()] : [submit()]);
  if (current !== checkout) return tab?.close();
  const isDuplicate = ({ failure }) => failure === 'PORTAL_CHECKOUT_IN_PROGRESS';
  const decided = answers.find((answer) => !isDuplicate(answer)) ?? answers[0];
  if (config.duplicateConfirmFiresError && answers.some(isDuplicate)) failConfirm(checkout);
  if (decided.failure === null) return finish(checkout, decided.answer, body.email ?? null, tab);
  tab?.close();
  view.dataset.phase = 'open';
  const isGone = decided.failure === 'PORTAL_CHECKOUT_SESSION_INVALID';
  setBusy(view, false);
  if (decided.failure === 'PORTAL_CHECKOUT_TERMS_STALE') await refreshTerms(checkout);
  if (isGone) $('[type=submit]', view).disabled = true;
  showError(view, errorText(decided), isGone);
  // The first submit is still being processed, and decides the one event.
  if (!isDuplicate(decided)) failConfirm(checkout);
}

function failConfirm({ item }) {
  bridge.send('checkoutError', { ...idsOf(item), reason: 'CONFIRM_FAILED' });
}

async function refreshTerms(checkout) {
  const { answer, failure } = await call('GET', '/api/checkout/session/' + checkout.session.id);
  if (failure !== null) return;
  checkout.session = { ...checkout.session, terms: answer.terms };
  fillTerms(checkout.view, answer.terms.version, true);
}

function finish({ item }, answer, email, tab) {
  current = null;
  if (answer.status === 'PAYMENT_REQUIRED') return breakOutToPayment(answer.paymentUrl, tab);
  tab?.close();
  if (config.surface === 'breakout' && answer.returnUrl !== null) return location.assign(answer.returnUrl);
  const view = viewOf(answer.status === 'CONFIRMED' ? 'done' : 'pending');
  if (answer.status === 'PENDING_VERIFICATION') $('[data-pending-email]', view).textContent = email ?? '';
  show(view, true);
  bridge.send('checkoutConfirmed', { ...idsOf(item), status: answer.status });
}

/** No event: the host learns of this payment by webhook alone. */
function breakOutToPayment(url, tab) {
  const view = viewOf('payment');
  $('[data-payment-link]', view).href = url;
  show(view, true);
  // The view holds the link, should the browser refuse.
  if (config.onPay === 'top') navigateTop(url, () => {});
  else tab?.location.replace(url);
}
`;
