import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { silentLogger } from '../contracts/logger.ts';
import type { ExecutionRecord, RunRecord } from '../contracts/run.ts';
import { MitateError } from '../errors/index.ts';
import { openTraces, type Traces } from './traces.ts';

/** The spans that a collector is sent. */
async function spansOf(work: (traces: Traces) => void, share = 1) {
  // biome-ignore lint/suspicious/noExplicitAny: what a collector is sent
  const spans: any[] = [];
  const collector = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    spans.push(...JSON.parse(text).resourceSpans[0].scopeSpans[0].spans);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
  const config = { url, headers: {}, timeoutMs: 1_000, resource: {}, share, followsParent: true };
  const traces = openTraces(config, '1.0.0', silentLogger);
  work(traces);
  await traces[Symbol.asyncDispose]();
  collector.close();
  return spans;
}

const attributeOf = (span: { attributes: { key: string; value: object }[] }, key: string) =>
  Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0];

it('of a tick have a span a part, and which failed', async () => {
  const error = new MitateError('TICK_PART_LATE', { part: 'triggers', seconds: 120 });
  const spans = await spansOf((traces) =>
    traces.tick([
      { project: 'default', part: 'alerts', done: 2, error: null, startMs: 1_000, endMs: 1_250 },
      { project: 'default', part: 'triggers', done: 0, error, startMs: 1_250, endMs: 1_500 },
    ]),
  );
  expect(spans.map(({ name }) => name)).toEqual(['tick', 'tick alerts', 'tick triggers']);
  const [tick, alerts, triggers] = spans;
  expect([tick.startTimeUnixNano, tick.endTimeUnixNano]).toEqual(['1000000000', '1500000000']);
  expect([alerts, triggers].map(({ parentSpanId, traceId }) => [parentSpanId, traceId])).toEqual(
    [alerts, triggers].map(() => [tick.spanId, tick.traceId]),
  );
  expect([attributeOf(alerts, 'mitate.done'), alerts.status]).toEqual(['2', undefined]);
  expect([attributeOf(triggers, 'error.type'), triggers.status, tick.status]).toEqual([
    'TICK_PART_LATE',
    { code: 2 },
    { code: 2 },
  ]);
});

it('of a run have a span a step', async () => {
  const [startedAt, finishedAt] = [new Date(10_000), new Date(20_000)];
  const run = {
    id: 'r',
    pipeline: 'leaf',
    trigger: 'trigger drift',
    state: 'succeeded',
    startedAt,
    finishedAt,
    error: null,
  };
  const step = {
    step: 'trainer',
    component: 'Trainer',
    state: 'cached',
    startedAt,
    finishedAt: startedAt,
    error: null,
  };
  const work = (traces: Traces) => traces.run(run as unknown as RunRecord, [step as unknown as ExecutionRecord]);
  const [whole, part] = await spansOf(work);
  expect([whole.name, attributeOf(whole, 'mitate.trigger'), whole.endTimeUnixNano]).toEqual([
    'run leaf',
    'trigger drift',
    '20000000000',
  ]);
  expect([part.name, part.parentSpanId, attributeOf(part, 'mitate.state')]).toEqual([
    'step trainer',
    whole.spanId,
    'cached',
  ]);
  expect(await spansOf(work, 0)).toEqual([]);
});
