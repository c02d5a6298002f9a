import { type Photos, photos } from './photos.ts';
import { type Resources, resources } from './resources.ts';
import { type ClientOptions, transport } from './transport.ts';

export { ApiError } from './api-error.ts';
export { everyPage } from './every-page.ts';
export type { FeedbackButtonsOptions, FeedbackTexts, PageElement } from './feedback-buttons.ts';
export { feedbackButtons } from './feedback-buttons.ts';
export type { AskOptions, ExplainOptions, Photo } from './photos.ts';
export type { ClientOptions } from './transport.ts';

/** A Mitate server, as its HTTP API shows it. Every method throws ApiError when the server refuses. */
export type Client = Photos & Resources;

/** For Node and browsers: nothing but `fetch` is used. */
export function createClient(options: ClientOptions): Client {
  const server = transport(options);
  return { ...photos(server), ...resources(server) };
}
