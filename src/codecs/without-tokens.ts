/** A text without what signs somebody in: tokens of signed links, API keys. For logs and traces. */
export function withoutTokens(text: string): string {
  return text
    .replaceAll(/\/(feedback|s)\/[\w%-]+\.[\w%.-]*/g, '/$1/***')
    .replaceAll(/\bmk_([0-9a-z]+)_[\w-]+/g, 'mk_$1_***');
}
