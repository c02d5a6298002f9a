import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';

/** Whether this server itself terminates TLS for the request. */
export const isEncrypted = ({ raw }: Pick<FastifyRequest, 'raw'>): boolean => raw.socket instanceof TLSSocket;
