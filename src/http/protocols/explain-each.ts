import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedExplanation } from '../../contracts/served-prediction.ts';
import type { Service } from '../../serving/service.ts';
import { type Asked, serviceRequest } from './service-request.ts';

/**
 * An explanation of each photo of a request, one after the other: a map costs as much as ten answers, and a request of many
 * must not take every process. An idempotency key counts for each photo on its own.
 */
export async function explainEach(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Omit<Asked, 'verb'>,
): Promise<ServedExplanation[]> {
  const explanations: ServedExplanation[] = [];
  for (const [i, image] of asked.content.images.entries()) {
    const content = { ...asked.content, images: [image] };
    const one = serviceRequest(request, reply, { ...asked, verb: 'explain', content });
    const idempotency = one.idempotency && { ...one.idempotency, key: `${one.idempotency.key}#${i}` };
    const { overlay: _, ...explanation } = await service.explain({
      ...one,
      idempotency,
      classLabel: content.classLabel,
    });
    explanations.push(explanation);
  }
  return explanations;
}
