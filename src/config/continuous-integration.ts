/** Where this process runs unattended: `github owner/repository#run`, or `ci`; null = run by hand. */
export function continuousIntegration(env = process.env): string | null {
  if (env.GITHUB_ACTIONS === 'true') return `github ${env.GITHUB_REPOSITORY}#${env.GITHUB_RUN_ID}`;
  return env.CI ? 'ci' : null;
}
