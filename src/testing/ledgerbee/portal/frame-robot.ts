/**
 * A buyer who presses the page's own buttons, for a console that reaches a state by one click: no page may
 * press in a frame of another origin. It has no hands, so a tab that needs a real click stays closed.
 */
export const FRAME_ROBOT = `
const PRESS_PAUSE_MS = 250; // for people who watch

async function pressAsBuyer(habit) {
  if (config.surface === 'cards' && config.item === null) (await pressable('[data-buy]')).click();
  if (habit === 'chooses') return;
  if (habit === 'leaves') return (await pressable('[data-leave]')).click();
  const confirm = await pressable('[type=submit]');
  const { elements } = confirm.form;
  if (elements.email.checkVisibility()) elements.email.value = 'robot@buyer.example';
  elements.terms.checked = true;
  confirm.click();
}

/** Waits until it can be seen and pressed. */
async function pressable(selector) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PRESS_PAUSE_MS));
    const found = $$(selector).find((one) => one.checkVisibility() && !one.disabled);
    if (found !== undefined) return found;
  }
}
`;
