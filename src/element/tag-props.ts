/** What a framework's template may say of the tags, for its type checker. */
import type { LitElement } from 'lit';
import type { AttributedElement } from './attributed-element.js';
import type { AttributedRedirect } from './attributed-redirect.js';
import type { CheckoutEventMap } from './events.js';
import type { CheckoutRedirectEventMap } from './redirect-events.js';

type Properties<Element> = {
  /** What names an order may be a number too. */
  readonly [Name in Exclude<keyof Element, keyof LitElement>]?:
    | Element[Name]
    | (Name extends 'order' ? number : never)
    | undefined;
};

type Listeners<Events> = {
  readonly [Type in keyof Events & string as `on${Type}`]?: ((event: Events[Type]) => void) | undefined;
};

/** Properties of `<checkout-embed>`, and listeners as React 19 takes them (`oncheckout-settled`). */
export type CheckoutEmbedProps = Properties<AttributedElement> & Listeners<CheckoutEventMap>;

type Ends = Pick<CheckoutEventMap, 'checkout-settled' | 'checkout-unsettled' | 'checkout-failed'>;

/** Properties of `<checkout-redirect>`, and listeners as React 19 takes them. */
export type CheckoutRedirectProps = Properties<AttributedRedirect> &
  Listeners<CheckoutRedirectEventMap & Ends>;
