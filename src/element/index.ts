/** The class and everything public, without registering anything. */
export { CheckoutEmbed } from './checkout-embed.js';
export type { Outcome } from './attempt-promises.js';
export type { StatusProvider, StatusRequest } from './status-source.js';
export type { BindTokenProvider, BindTokenRequest } from './bind-tokens.js';
export * from './events.js';
export type { Messages, Text } from './messages.js';
export type { CheckoutEmbedProps } from './tag-props.js';
export type { CheckoutState, RejectReason, Surface, Target } from '../core/attempt-states.js';
export type { Confidence, Diagnosis, DiagnosisCode, Fixer } from '../core/diagnosis.js';
export type { OrderStatus, StatusAnswer } from '../protocol/status.js';
