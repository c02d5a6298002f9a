import type { ConfigSources } from './config.ts';

/** True when the standard variables name where traces go; the exporter itself reads the rest of `OTEL_*`. */
export function resolveTracing({ env }: ConfigSources): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}
