import { type Photos, photos } from './photos.ts';
import { type Resources, resources } from './resources.ts';
import { type ClientOptions, transport } from './transport.ts';

export type { RouteId } from '../contracts/api/paths.ts';
export type { AnswerOf, BodyOf, QueryOf } from '../contracts/api/routes.ts';
export { ApiError } from './api-error.ts';
export { type EvaluationAnswers, readAnswers } from './evaluation-answers.ts';
export { everyPage } from './every-page.ts';
export type { FeedbackButtonsOptions, FeedbackTexts, GivenFeedback, PageElement } from './feedback-buttons.ts';
export { feedbackButtons } from './feedback-buttons.ts';
export { type PhotoColumns, photoFlags, readPhotoIndex, splitOf } from './photo-index.ts';
export type { AskOptions, ExplainOptions, Photo } from './photos.ts';
export { type Decide, trackDecision } from './track-decision.ts';
export type { ClientOptions } from './transport.ts';

/** The HTTP API of a Mitate server. Every method throws ApiError when the server responds with an error. */
export type Client = Photos & Resources;

/** For Node and browsers: needs only `fetch`. */
export function createClient(options: ClientOptions): Client {
  const server = transport(options);
  return { ...photos(server), ...resources(server) };
}
