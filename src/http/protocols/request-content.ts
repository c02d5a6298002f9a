import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MitateError } from '../../errors/index.ts';
import { kindOf } from './read-base64.ts';

/** Contents of a body, in any protocol. */
export interface RequestContent {
  /** At least one; any bytes: decoding shows whether they are an image. */
  images: Uint8Array[];
  attributes?: Attributes | undefined;
  /** That all photos show. */
  subject?: string | undefined;
  /** For an explanation: the class to explain. */
  classLabel?: string | undefined;
}

export type Attributes = Record<string, string | number | boolean>;

/** Photos per request. */
export const imageLimit = 64;

const attributesSchema = z
  .record(z.string().min(1).max(64), z.union([z.string().max(256), z.number(), z.boolean()]))
  .refine((attributes) => Object.keys(attributes).length <= 32);

/** Null is as if left out. @param where for the error: `attributes`, `Header X-Mitate-Attributes` @throws REQUEST_SHAPE_INVALID */
export function readAttributes(value: unknown, where: string): Attributes | undefined {
  if (value === undefined || value === null) return undefined;
  const { success, data } = attributesSchema.safeParse(withoutNulls(value));
  if (success) return data;
  const expected = 'up to 32 names (64 characters) with a text (256 characters), number, true or false each';
  throw new MitateError('REQUEST_SHAPE_INVALID', { where, expected, got: kindOf(value) });
}

/** Null is as if left out. @throws REQUEST_SHAPE_INVALID */
export function readSubject(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= 128) return value;
  const got = typeof value === 'string' ? `${value.length} characters` : kindOf(value);
  throw new MitateError('REQUEST_SHAPE_INVALID', { where: 'subject', expected: 'a text of 1 to 128 characters', got });
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** @param expected how the protocol sends a photo @throws REQUEST_WITHOUT_IMAGE, REQUEST_TOO_MANY_IMAGES */
export function checkImages(images: readonly Uint8Array[], expected: string): void {
  if (images.length === 0) throw new MitateError('REQUEST_WITHOUT_IMAGE', { expected });
  if (images.length > imageLimit)
    throw new MitateError('REQUEST_TOO_MANY_IMAGES', { images: images.length, limit: imageLimit });
}

/**
 * sha256 of the content, for the idempotency check. Not of the body: the random boundary of a form differs in every retry.
 *
 * @param about what else distinguishes requests: the endpoint, the verb
 * @returns hex
 */
export function contentDigest(content: RequestContent, ...about: string[]): string {
  const { images, attributes, classLabel, subject } = content;
  const named = subject === undefined ? [] : [subject];
  const hash = createHash('sha256').update(JSON.stringify([about, attributes ?? null, classLabel ?? null, ...named]));
  for (const image of images) hash.update(`|${image.length}|`).update(image);
  return hash.digest('hex');
}

/** A JSON body that must be an object. @throws REQUEST_SHAPE_INVALID */
export function asObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new MitateError('REQUEST_SHAPE_INVALID', { where, expected: 'an object', got: kindOf(value) });
}

/** An explanation takes one photo. @throws REQUEST_SHAPE_INVALID */
export function onePhoto(images: readonly Uint8Array[]): void {
  if (images.length > 1)
    throw new MitateError('REQUEST_SHAPE_INVALID', { where: 'images', expected: 'one photo', got: `${images.length}` });
}
