import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** Export of traces, from the standard `OTEL_*` variables. */
export interface TracingConfig {
  /** Of the collector's OTLP/HTTP traces route. */
  url: string;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** `service.name` and other attributes of this process. */
  resource: Readonly<Record<string, string>>;
  /** Share of new traces that are sampled, 0..1. */
  share: number;
  /** Follow the caller's sampling decision. */
  followsParent: boolean;
}

/** Null = not configured, or disabled. OTLP over HTTP in JSON, which every collector accepts on its HTTP port (4318). */
export function resolveTracing({ env }: ConfigSources): TracingConfig | null {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return null;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base.replace(/\/$/, '')}/v1/traces`);
  if (!url) return null;
  if (!URL.canParse(url)) throw invalid('OTEL_EXPORTER_OTLP_ENDPOINT', 'a URL such as http://collector:4318');
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') throw invalid('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json; gRPC is not supported');
  return {
    url,
    headers: pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS),
    timeoutMs: Number(env.OTEL_EXPORTER_OTLP_TIMEOUT) || 10_000,
    resource: {
      'service.name': 'mitate',
      ...pairs(env.OTEL_RESOURCE_ATTRIBUTES),
      ...(env.OTEL_SERVICE_NAME && { 'service.name': env.OTEL_SERVICE_NAME }),
    },
    ...resolveSampler(env),
  };
}

function resolveSampler(env: NodeJS.ProcessEnv): Pick<TracingConfig, 'share' | 'followsParent'> {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const followsParent = name.startsWith('parentbased_');
  const kind = name.replace('parentbased_', '');
  if (kind === 'always_on') return { share: 1, followsParent };
  if (kind === 'always_off') return { share: 0, followsParent };
  const share = Number(env.OTEL_TRACES_SAMPLER_ARG || 1);
  if (kind === 'traceidratio' && share >= 0 && share <= 1) return { share, followsParent };
  throw invalid(
    'OTEL_TRACES_SAMPLER',
    'always_on, always_off or traceidratio (argument 0..1), each also with the prefix parentbased_',
  );
}

/** `key=value,key=value`, URL-encoded. */
function pairs(text: string | undefined): Record<string, string> {
  const entries = (text ?? '').split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    entries.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}

function invalid(setting: string, expected: string): MitateError {
  return new MitateError('CONFIG_INVALID', { setting, expected });
}
