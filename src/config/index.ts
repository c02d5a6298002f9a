export { type Config, processConfig, resolveConfig } from './config.ts';
export type { ConfigSources } from './sources.ts';
