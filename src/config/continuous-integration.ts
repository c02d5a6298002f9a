/** Where this process says that it runs unattended: `github owner/repository#run`, or `ci`; null = run by hand. Anybody can set these variables. */
export function continuousIntegration(env = process.env): string | null {
  if (env.GITHUB_ACTIONS === 'true') return `github ${env.GITHUB_REPOSITORY}#${env.GITHUB_RUN_ID}`;
  return env.CI ? 'ci' : null;
}

/** Where a job of GitHub with the permission `id-token: write` gets ID tokens; null = nowhere. */
export function idTokens(env = process.env): { url: string; bearer: string } | null {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return url && bearer ? { url, bearer } : null;
}
