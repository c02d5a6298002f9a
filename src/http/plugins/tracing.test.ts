import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TracingConfig } from '../../config/tracing.ts';
import { traceRequests } from './tracing.ts';

const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traces', () => {
  // biome-ignore lint/suspicious/noExplicitAny: what a collector is sent
  const received: { headers: any; body: any }[] = [];
  let status = 200;
  const collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status).end('{}');
    });
  });
  beforeAll(() => new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => collector.close(resolve)));

  /** Serves the requests, closes, and answers the spans that were sent. */
  async function spansOf(requests: { url: string; traceparent?: string }[], change: Partial<TracingConfig> = {}) {
    received.length = 0;
    const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
    const resource = { 'service.name': 'leaf' };
    const config = { url, headers: { key: 'k' }, timeoutMs: 1_000, resource, share: 1, followsParent: true, ...change };
    const app = fastify();
    traceRequests(app, config, '1.0.0');
    app.get('/things/:id', async () => 'yes');
    app.get('/feedback/:token', async () => 'yes');
    app.get('/fails', async () => {
      throw new Error('no');
    });
    for (const { url: path, traceparent } of requests)
      await app.inject({ url: path, headers: traceparent ? { traceparent } : {} });
    await app.close();
    return received.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans);
  }

  it('have no token of a feedback link', async () => {
    for (const url of ['/feedback/abc.def', '/feedback/abc.def/photo?x=abc.def']) {
      const [span] = await spansOf([{ url }]);
      expect(JSON.stringify(span)).toContain('/feedback/***');
      expect(JSON.stringify(span)).not.toContain('abc.def');
    }
  });

  it("join the caller's trace, and say route, status and time as OTLP does", async () => {
    const [span] = await spansOf([{ url: '/things/7?secret=1', traceparent: caller }]);
    expect(span).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      name: 'GET /things/:id',
      kind: 2,
    });
    expect(span.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '200' } });
    expect(span.attributes).toContainEqual({ key: 'url.path', value: { stringValue: '/things/7' } });
    expect(JSON.stringify(span)).not.toContain('secret');
    const took = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano));
    expect(took).toBeGreaterThan(0);
    expect(Math.abs(Number(BigInt(span.endTimeUnixNano) / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    expect(received[0]?.headers).toMatchObject({ key: 'k', 'content-type': 'application/json' });
    expect(received[0]?.body.resourceSpans[0].resource.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'leaf' } },
    ]);
  });

  it('begin anew without a caller, or with a header that is not valid', async () => {
    const spans = await spansOf([
      { url: '/things/1' },
      { url: '/things/1', traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' },
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(2);
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.parentSpanId).toBeUndefined();
    }
  });

  it('mark what failed', async () => {
    const [span] = await spansOf([{ url: '/fails' }]);
    expect(span.status).toEqual({ code: 2 });
  });

  it("are kept by the caller's choice, else by share", async () => {
    const unsampled = caller.replace(/01$/, '00');
    expect(await spansOf([{ url: '/things/1', traceparent: unsampled }])).toHaveLength(0);
    expect(await spansOf([{ url: '/things/1', traceparent: caller }], { share: 0 })).toHaveLength(1);
    expect(await spansOf([{ url: '/things/1', traceparent: caller }], { share: 0, followsParent: false })).toHaveLength(
      0,
    );
    const many = await spansOf(
      Array.from({ length: 400 }, () => ({ url: '/things/1' })),
      { share: 0.5 },
    );
    expect(many.length).toBeGreaterThan(130);
    expect(many.length).toBeLessThan(270);
  });

  it('lost by a collector that refuses them harm no request', async () => {
    status = 500;
    expect(await spansOf([{ url: '/things/1' }])).toHaveLength(1);
    status = 200;
  });
});
