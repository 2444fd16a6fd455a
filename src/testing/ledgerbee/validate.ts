/**
 * The vendor's strict validation: unknown fields are refused, and each failing field gives one entry with
 * every rule it broke. Rule names are those of the class-validator family that the documented example shows
 * (`isEmail`); the rest of the names is ASSUMED.
 */
import { type FieldError, validationFailure } from './envelope.js';

/** Gives the broken rule's name and text, or `null`. */
type Rule = (value: unknown, property: string) => readonly [name: string, text: string] | null;

export interface Field {
  readonly required: boolean;
  readonly rules: readonly Rule[];
  /** Fields of a nested object. */
  readonly fields?: Fields;
}
export type Fields = Readonly<Record<string, Field>>;
export type Body = Readonly<Record<string, unknown>>;

export const required = (...rules: readonly Rule[]): Field => ({ required: true, rules });
export const optional = (...rules: readonly Rule[]): Field => ({ required: false, rules });
export const nested = (fields: Fields): Field => ({ required: false, rules: [isObject], fields });

export const isString: Rule = (value, property) =>
  typeof value === 'string' ? null : ['isString', `${property} must be a string`];
export const isNotEmpty: Rule = (value, property) =>
  typeof value !== 'string' || value.trim() !== '' ? null : ['isNotEmpty', `${property} should not be empty`];
export const isBoolean: Rule = (value, property) =>
  typeof value === 'boolean' ? null : ['isBoolean', `${property} must be a boolean value`];
export const isEmail: Rule = (value, property) =>
  typeof value === 'string' && EMAIL.test(value) ? null : ['isEmail', `${property} must be an email`];
export const isUuid: Rule = (value, property) =>
  typeof value === 'string' && UUID.test(value) ? null : ['isUuid', `${property} must be a UUID`];
export const isIsoDate: Rule = (value, property) =>
  typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : ['isIso8601', `${property} must be a valid ISO 8601 date string`];
export const isObject: Rule = (value, property) =>
  isPlainObject(value) ? null : ['isObject', `${property} must be an object`];
export const isCountryCode: Rule = (value, property) =>
  typeof value === 'string' && /^[A-Z]{2}$/.test(value)
    ? null
    : ['isISO31661Alpha2', `${property} must be a valid ISO31661 Alpha2 code`];

export const isIn =
  (allowed: readonly string[]): Rule =>
  (value, property) =>
    typeof value === 'string' && allowed.includes(value)
      ? null
      : ['isIn', `${property} must be one of the following values: ${allowed.join(', ')}`];
export const maxLength =
  (length: number): Rule =>
  (value, property) =>
    typeof value !== 'string' || value.trim().length <= length
      ? null
      : ['maxLength', `${property} must be shorter than or equal to ${length} characters`];
export const isIntBetween =
  (min: number, max: number): Rule =>
  (value, property) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? null
      : ['isInt', `${property} must be an integer number from ${min} to ${max}`];
export const isListOf =
  (rule: Rule): Rule =>
  (value, property) => {
    if (!Array.isArray(value)) return ['isArray', `${property} must be an array`];
    return value.map((entry) => rule(entry, `each value in ${property}`)).find(Boolean) ?? null;
  };

/**
 * Checks a whole body against its fields.
 * @throws {ApiFailure} 400 `SHARED_VALIDATION_FAILED` naming each failing field.
 */
export function validate(value: unknown, fields: Fields): Body {
  const body = isPlainObject(value) ? value : {};
  const errors = [...fieldErrors(body, fields, '')];
  if (errors.length > 0) throw validationFailure(errors);
  return body;
}

/** One failing field, for rules that look at more than one. */
export function fieldFailure(property: string, rule: string, text: string): Error {
  return validationFailure([{ property, constraints: { [rule]: text } }]);
}

function* fieldErrors(body: Body, fields: Fields, prefix: string): Generator<FieldError> {
  for (const name of Object.keys(body)) {
    if (Object.hasOwn(fields, name)) continue;
    const text = `property ${name} should not exist`;
    yield { property: prefix + name, constraints: { whitelistValidation: text } };
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined && !field.required) continue;
    const broken = field.rules.map((rule) => rule(value, name)).filter((entry) => entry !== null);
    if (broken.length > 0) yield { property: prefix + name, constraints: Object.fromEntries(broken) };
    else if (field.fields !== undefined) yield* fieldErrors(value as Body, field.fields, `${prefix}${name}.`);
  }
}

const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isPlainObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
