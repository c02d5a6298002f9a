export { type Config, type ConfigSources, processConfig, resolveConfig } from './config.ts';
