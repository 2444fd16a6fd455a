/** The element for pages without a bundler: registers `<checkout-embed>`. The rest of it comes as a second file. */
import './index.js';

export { CheckoutEmbed } from './index.js';
