import type { FastifyReply } from 'fastify';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';

/** A PNG with its prediction in headers, percent-encoded: labels may be in any script. */
export function sendPicture(reply: FastifyReply, prediction: ServedPrediction, png: Uint8Array): FastifyReply {
  const { id, label, probability, model } = prediction;
  return reply
    .headers({
      'x-mitate-prediction-id': id,
      'x-mitate-label': encodeURIComponent(label),
      'x-mitate-probability': String(probability),
      'x-mitate-model': encodeURIComponent(model.version === null ? model.name : `${model.name}@${model.version}`),
      vary: 'accept',
    })
    .type('image/png')
    .send(png);
}
