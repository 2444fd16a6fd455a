/** Registers `<checkout-embed>`. In a place without custom elements, such as Node, it only gives the class. */
import { CheckoutEmbed } from './element/index.js';

export * from './element/index.js';

CheckoutEmbed.define();
