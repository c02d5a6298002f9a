import type { TracingConfig } from '../config/tracing.ts';
import type { Logger } from '../contracts/logger.ts';
import type { ExecutionRecord, RunRecord } from '../contracts/run.ts';
import { SpanExporter } from '../tracing/exporter.ts';
import type { Span } from '../tracing/otlp.ts';
import { isKept, newSpanId, newTraceId } from '../tracing/trace-context.ts';
import type { TickPart } from './tick.ts';

/** What the loop did, as traces. */
export interface Traces extends AsyncDisposable {
  /** The work of one minute, and each part of it: monitors, alerts, promotions, triggers, deliveries, review queues. */
  tick(parts: readonly TickPart[]): void;
  /** A run that has ended, and its steps. */
  run(run: RunRecord, executions: readonly ExecutionRecord[]): void;
}

type Part = Omit<Span, 'traceId' | 'spanId' | 'parentSpanId' | 'kind'>;

/** @param config null = no collector: nothing is done */
export function openTraces(config: TracingConfig | null, version: string, logger: Logger): Traces {
  if (config === null) return { tick() {}, run() {}, async [Symbol.asyncDispose]() {} };
  const exporter = new SpanExporter(config, version, (message, fields) => logger.warn(message, fields));
  const add = (whole: Part, parts: readonly Part[]) => {
    const traceId = newTraceId();
    if (!isKept(traceId, config.share)) return;
    const root: Span = { ...whole, traceId, spanId: newSpanId(), parentSpanId: null, kind: 'internal' };
    exporter.add(root);
    for (const part of parts)
      exporter.add({ ...part, traceId, spanId: newSpanId(), parentSpanId: root.spanId, kind: 'internal' });
  };
  return {
    tick(parts) {
      const spans = parts.map(partSpan);
      if (spans.length === 0) return;
      const startMs = Math.min(...spans.map((span) => span.startMs));
      const endMs = Math.max(...spans.map((span) => span.endMs));
      const failed = spans.some((span) => span.failed);
      add({ name: 'tick', startMs, endMs, attributes: {}, failed }, spans);
    },
    run: (run, executions) => add(runSpan(run), executions.map(stepSpan)),
    [Symbol.asyncDispose]: () => exporter[Symbol.asyncDispose](),
  };
}

function partSpan({ project, part, done, error, startMs, endMs }: TickPart): Part {
  return {
    name: `tick ${part}`,
    startMs,
    endMs,
    attributes: {
      'mitate.part': part,
      'mitate.done': done,
      ...(project !== null && { 'mitate.project': project }),
      ...(error !== null && { 'error.type': error.code }),
    },
    failed: error !== null,
  };
}

function runSpan({ id, pipeline, trigger, state, startedAt, finishedAt, error }: RunRecord): Part {
  return {
    name: `run ${pipeline}`,
    startMs: startedAt.getTime(),
    endMs: (finishedAt ?? startedAt).getTime(),
    attributes: {
      'mitate.run': id,
      'mitate.pipeline': pipeline,
      'mitate.trigger': trigger,
      'mitate.state': state,
      ...(error !== null && { 'error.type': error.code }),
    },
    failed: state === 'failed',
  };
}

function stepSpan({ step, component, state, startedAt, finishedAt, error }: ExecutionRecord): Part {
  return {
    name: `step ${step}`,
    startMs: startedAt.getTime(),
    endMs: (finishedAt ?? startedAt).getTime(),
    attributes: {
      'mitate.step': step,
      'mitate.component': component,
      'mitate.state': state,
      ...(error !== null && { 'error.type': error.code }),
    },
    failed: state === 'failed',
  };
}
