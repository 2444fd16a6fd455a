/** What the frame's script does to the page: one view at a time, focus that follows, words in their places. */
export const FRAME_VIEWS = `
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const viewOf = (name) => $('[data-view="' + name + '"]');

/** The item's checkout, made from its template: only one is in the document. The form open already keeps what was typed. */
function checkoutViewOf(item) {
  const open = viewOf('checkout');
  if (open?.dataset.item === item) return open;
  open?.remove();
  const template = $$('template[data-checkout]').find(({ dataset }) => dataset.checkout === item);
  const view = template.content.firstElementChild.cloneNode(true);
  template.before(view);
  return view;
}

/** @param moveFocus Only after something the buyer did: a page that loads takes no focus from its host. */
function show(view, moveFocus) {
  for (const other of $$('[data-view]')) other.hidden = other !== view;
  if (moveFocus) $('h1', view).focus({ preventScroll: false });
}

function fillIdentity(view, customer) {
  $('[data-looking]', view).hidden = true;
  $('[data-customer]', view).hidden = customer === null;
  $('[data-anonymous]', view).hidden = customer !== null;
  if (customer === null) return;
  $('[data-customer-name]', view).textContent = customer.name;
  $('[data-customer-email]', view).textContent = customer.email;
}

function clearIdentity(view) {
  $('[data-looking]', view).hidden = false;
  $('[data-customer]', view).hidden = true;
  $('[data-anonymous]', view).hidden = true;
}

function fillTerms(view, version, mustAcceptAgain) {
  $('[data-terms-version]', view).textContent = version;
  if (mustAcceptAgain) $('[name=terms]', view).checked = false;
}

function setBusy(view, isBusy) {
  const button = $('[type=submit]', view);
  button.disabled = isBusy;
  button.classList.toggle('busy', isBusy && view.dataset.phase === 'confirming');
  const idle = view.dataset.paymentRequired === 'yes' ? button.dataset.pay : button.dataset.confirm;
  button.textContent = isBusy && view.dataset.phase === 'confirming' ? button.dataset.working : idle;
}

function showError(view, message, canRestart) {
  const box = $('[data-error]', view);
  $('[data-error-text]', box).textContent = message ?? '';
  $('[data-restart]', box).hidden = !canRestart;
  box.hidden = message === null;
}

/** Another origin's location has no \`assign\`, and refuses once the click is too long ago. */
function navigateTop(url, orElse) {
  try {
    window.top.location.href = new URL(url, location.href).href;
  } catch {
    orElse();
  }
}

function invalid(view, name, isInvalid) {
  const input = $('[name=' + name + ']', view);
  if (isInvalid) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
  return isInvalid ? input : null;
}
`;
