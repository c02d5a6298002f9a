/** Sources of a setting; a flag overrides the environment, the environment the default. */
export interface ConfigSources {
  flags: { workspace?: string; project?: string; processes?: string; color?: boolean };
  env: NodeJS.ProcessEnv;
  cwd: string;
  isTty: boolean;
}
