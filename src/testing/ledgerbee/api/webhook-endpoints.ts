/** Management of webhook endpoints (contract §6.6). Paths and fields are ASSUMED (U12). */
import { empty, json, parseJson, type Reply } from '../http.js';
import { SUBSCRIPTION_TOPICS, TEST_TOPIC } from '../topics.js';
import {
  fieldFailure,
  isBoolean,
  isIn,
  isListOf,
  isString,
  optional,
  required,
  validate,
} from '../validate.js';
import type { Vendor } from '../vendor.js';
import { isAcceptableWebhookUrl } from '../webhook-endpoints.js';
import type { ApiCall } from './guard.js';

const TOPICS = isListOf(isIn(SUBSCRIPTION_TOPICS));
const CREATE_FIELDS = {
  url: required(isString),
  topics: required(TOPICS),
  description: optional(isString),
  enabled: optional(isBoolean),
};
const UPDATE_FIELDS = {
  url: optional(isString),
  topics: optional(TOPICS),
  description: optional(isString),
  enabled: optional(isBoolean),
};

interface EndpointBody {
  readonly url: string;
  readonly topics: readonly string[];
  readonly description?: string;
  readonly enabled?: boolean;
}

export function listEndpoints(vendor: Vendor): Reply {
  return json({ data: vendor.endpoints.list() });
}

/** The secret is in this answer and in no other, save that of a roll. */
export function createEndpoint(vendor: Vendor, { request }: ApiCall): Reply {
  const body = validate(parseJson(request), CREATE_FIELDS) as unknown as EndpointBody;
  requirePublicUrl(vendor, body.url);
  const { endpoint, secret } = vendor.endpoints.create(body);
  return json({ ...endpoint, secret }, 201);
}

export function updateEndpoint(vendor: Vendor, { request, params }: ApiCall): Reply {
  const change = validate(parseJson(request), UPDATE_FIELDS) as Partial<EndpointBody>;
  if (change.url !== undefined) requirePublicUrl(vendor, change.url);
  return json(vendor.endpoints.update(params['id'] ?? '', change));
}

export function deleteEndpoint(vendor: Vendor, { params }: ApiCall): Reply {
  vendor.endpoints.delete(params['id'] ?? '');
  return empty(204);
}

export function rollSecret(vendor: Vendor, { params }: ApiCall): Reply {
  const { endpoint, secret } = vendor.endpoints.roll(params['id'] ?? '');
  return json({ ...endpoint, secret });
}

/** Sends a test delivery, and answers with what the endpoint said. Content ASSUMED (U15). */
export async function testEndpoint(vendor: Vendor, { params }: ApiCall): Promise<Reply> {
  const endpoint = vendor.endpoints.require(params['id'] ?? '');
  const delivery = await vendor.sender.sendTo(endpoint, { topic: TEST_TOPIC, data: { test: true } });
  return json({
    messageId: delivery.messageId,
    delivered: delivery.state === 'delivered',
    responseStatus: delivery.attempts.at(-1)?.status ?? null,
  });
}

function requirePublicUrl(vendor: Vendor, url: string): void {
  if (!isAcceptableWebhookUrl(url, vendor.allowLoopbackWebhooks)) {
    throw fieldFailure('url', 'isPublicHttpsUrl', 'url must be a public HTTPS URL');
  }
}
