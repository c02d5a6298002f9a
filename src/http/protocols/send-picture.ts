import type { FastifyReply } from 'fastify';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { predictionHeaders } from './prediction-headers.ts';

/** A PNG with its prediction in headers. */
export function sendPicture(reply: FastifyReply, prediction: ServedPrediction, png: Uint8Array): FastifyReply {
  return reply
    .headers({ ...predictionHeaders(prediction), vary: 'accept' })
    .type('image/png')
    .send(png);
}
