import type { TracingConfig } from '../config/tracing.ts';
import { reasonOf } from '../errors/index.ts';
import { encodeSpans, type Span } from './otlp.ts';

const batchSize = 512;
const everyMs = 5_000;
/** Beyond this, spans are dropped: an unreachable collector must not fill memory. */
const mostWaiting = 2_048;

/** Sends spans in batches, in the background. */
export class SpanExporter implements AsyncDisposable {
  readonly #config: TracingConfig;
  readonly #version: string;
  readonly #warn: (message: string, fields: Record<string, unknown>) => void;
  #waiting: Span[] = [];
  #dropped = 0;
  #sending: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(
    config: TracingConfig,
    version: string,
    warn: (message: string, fields: Record<string, unknown>) => void,
  ) {
    this.#config = config;
    this.#version = version;
    this.#warn = warn;
    this.#timer = setInterval(() => this.#flush(), everyMs).unref();
  }

  add(span: Span): void {
    if (this.#waiting.length >= mostWaiting) this.#dropped++;
    else this.#waiting.push(span);
    if (this.#waiting.length === batchSize) this.#flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#sending;
  }

  #flush(): void {
    this.#sending = this.#sending.then(() => this.#send());
  }

  async #send(): Promise<void> {
    const spans = this.#waiting.splice(0, batchSize);
    if (spans.length === 0) return;
    try {
      const { url, headers, timeoutMs, resource } = this.#config;
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: encodeSpans(spans, resource, this.#version),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
    } catch (error) {
      this.#dropped += spans.length;
      this.#warn('traces could not be sent', { url: this.#config.url, dropped: this.#dropped, error: reasonOf(error) });
    }
  }
}
