/** Where a setting may come from; a flag wins over the environment, the environment over the default. */
export interface ConfigSources {
  flags: { workspace?: string; project?: string; processes?: string; color?: boolean };
  env: NodeJS.ProcessEnv;
  cwd: string;
  isTty: boolean;
}
