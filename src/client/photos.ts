import type { PredictResponse, ServedExplanation } from '../contracts/served-prediction.ts';
import type { Call, Transport } from './transport.ts';

/** JPEG, PNG or WebP: a file of a form, or bytes. */
export type Photo = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer;

export interface AskOptions {
  /** Pins a caller (a person, a device) to one deployment. */
  assignmentKey?: string | undefined;
  /** Repeating the same key and photos returns the first response, without a second record. */
  idempotencyKey?: string | undefined;
  /** Logged for slices: device, app version, place. */
  attributes?: Record<string, string | number | boolean> | undefined;
  /** Id of what all photos show, such as a plant: the answer has one for all of them, and `subjects.get` lists them over time. */
  subject?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface ExplainOptions extends AskOptions {
  /** Label to explain. Default: the predicted one. */
  class?: string | undefined;
}

export interface Photos {
  /** One prediction per photo, in order. */
  predict(endpoint: string, photos: Photo | readonly Photo[], options?: AskOptions): Promise<PredictResponse>;
  /** The prediction and its heat map as numbers. */
  explain(endpoint: string, photo: Photo, options?: ExplainOptions): Promise<ServedExplanation>;
  /** PNG: the photo with its heat map. */
  overlay(endpoint: string, photo: Photo, options?: ExplainOptions): Promise<Blob>;
}

export function photos({ ask, file }: Transport): Photos {
  const explaining = (photo: Photo, options: ExplainOptions, format: 'json' | 'png') => ({
    ...callOf(photo, options),
    query: { class: options.class, format },
  });
  return {
    predict: (name, given, options = {}) => ask('photos.predict', { name }, callOf(given, options)),
    explain: (name, photo, options = {}) => ask('photos.explain', { name }, explaining(photo, options, 'json')),
    overlay: (name, photo, options = {}) => file('photos.explain', { name }, explaining(photo, options, 'png')),
  };
}

function callOf(
  given: Photo | readonly Photo[],
  options: AskOptions,
): Pick<Call<'photos.predict'>, 'body' | 'headers' | 'signal'> {
  const { assignmentKey, idempotencyKey, attributes, subject, signal } = options;
  const headers = {
    ...(assignmentKey !== undefined && { 'x-mitate-key': assignmentKey }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...(attributes !== undefined && { 'x-mitate-attributes': asciiJson(attributes) }),
    ...(subject !== undefined && { 'x-mitate-subject': encodeURIComponent(subject) }),
  };
  if (isList(given)) return { body: formOf(given), headers, signal };
  return { body: given, headers: { ...headers, 'content-type': 'application/octet-stream' }, signal };
}

const isList = (given: Photo | readonly Photo[]): given is readonly Photo[] => Array.isArray(given);

function formOf(photos: readonly Photo[]): FormData {
  const form = new FormData();
  for (const photo of photos) form.append('file', photo instanceof Blob ? photo : new Blob([photo]), 'photo');
  return form;
}

/** Headers are Latin-1: other characters are escaped. */
const asciiJson = (value: unknown) =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
