import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedExplanation } from '../../contracts/served-prediction.ts';
import type { Service } from '../../serving/service.ts';
import { type ProtocolInput, serviceRequest } from './service-request.ts';

/**
 * Explains the photos of a request one after the other: a heat map costs as much as ten predictions, and one request must not
 * occupy every process. An idempotency key applies to each photo separately.
 */
export async function explainEach(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  input: Omit<ProtocolInput, 'verb'>,
): Promise<ServedExplanation[]> {
  const explanations: ServedExplanation[] = [];
  for (const [i, image] of input.content.images.entries()) {
    const content = { ...input.content, images: [image] };
    const one = serviceRequest(request, reply, { ...input, verb: 'explain', content });
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
