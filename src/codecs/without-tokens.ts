/** A text without what signs somebody in: tokens of feedback links, API keys. For logs and traces. */
export function withoutTokens(text: string): string {
  return text
    .replaceAll(/\/feedback\/[\w%-]+\.[\w%.-]*/g, '/feedback/***')
    .replaceAll(/\bmk_([0-9a-z]+)_[\w-]+/g, 'mk_$1_***');
}
