/** All commands, in the order of the help page. */
import type { Command } from './command.js';
import { effectsList } from './effects-list.js';
import { effectsRedrive } from './effects-redrive.js';
import { ledyerCancel, ledyerCapture, ledyerRefund } from './ledyer.js';
import { migrate } from './migrate.js';
import { ordersList } from './orders-list.js';
import { ordersShow } from './orders-show.js';
import { reconcile } from './reconcile.js';
import { reviewList } from './review-list.js';
import { reviewResolve } from './review-resolve.js';

export const COMMANDS: readonly Command[] = [
  migrate,
  ordersList,
  ordersShow,
  reviewList,
  reviewResolve,
  effectsList,
  effectsRedrive,
  reconcile,
  ledyerCapture,
  ledyerRefund,
  ledyerCancel,
];
