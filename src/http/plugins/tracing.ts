import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { withoutTokens } from '../../codecs/without-tokens.ts';
import type { TracingConfig } from '../../config/tracing.ts';
import { SpanExporter } from '../../tracing/exporter.ts';
import type { Span } from '../../tracing/otlp.ts';
import { isKept, newSpanId, newTraceId, readTraceparent } from '../../tracing/trace-context.ts';

/** A span per request, in the caller's trace; names and attributes follow OpenTelemetry's conventions for HTTP servers. */
export function traceRequests(app: FastifyInstance, config: TracingConfig, version: string): void {
  const exporter = new SpanExporter(config, version, (message, fields) => app.log.warn(fields, message));
  app.addHook('onResponse', async (request, reply) => {
    const parent = readTraceparent(request.headers.traceparent);
    const traceId = parent?.traceId ?? newTraceId();
    const isWanted = parent && config.followsParent ? parent.sampled : isKept(traceId, config.share);
    if (isWanted) exporter.add(requestSpan(request, reply, traceId, parent?.spanId ?? null));
  });
  app.addHook('onClose', async () => await exporter[Symbol.asyncDispose]());
}

function requestSpan(request: FastifyRequest, reply: FastifyReply, traceId: string, parentSpanId: string | null): Span {
  const endMs = performance.timeOrigin + performance.now();
  const route = request.routeOptions.url;
  return {
    traceId,
    spanId: newSpanId(),
    parentSpanId,
    name: route ? `${request.method} ${route}` : request.method,
    kind: 'server',
    startMs: endMs - reply.elapsedTime,
    endMs,
    attributes: {
      'http.request.method': request.method,
      ...(route && { 'http.route': route }),
      'url.path': withoutTokens(request.url.split('?', 1)[0] as string),
      'url.scheme': request.protocol,
      'http.response.status_code': reply.statusCode,
      'client.address': request.ip,
      'mitate.request_id': request.id,
    },
    failed: reply.statusCode >= 500,
  };
}
