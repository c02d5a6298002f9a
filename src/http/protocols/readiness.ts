import type { FastifyReply } from 'fastify';
import { isMitateError } from '../../errors/index.ts';
import type { Service } from '../../serving/service.ts';

/** `{name, ready}` with 200 or 503, as in both KServe protocols. @throws ENDPOINT_UNKNOWN */
export function sendReadiness(reply: FastifyReply, service: Service, project: string, endpoint: string): FastifyReply {
  const ready = isReady(service, project, endpoint);
  return reply.code(ready ? 200 : 503).send({ name: endpoint, ready });
}

function isReady(service: Service, project: string, endpoint: string): boolean {
  try {
    return service.describe(project, endpoint).name === endpoint;
  } catch (error) {
    if (isMitateError(error, 'ENDPOINT_NOT_READY')) return false;
    throw error;
  }
}
