/** What the words of a failed connection mean, for whoever has to mend it. */
const meanings: readonly [RegExp, (said: string) => string][] = [
  [
    /self-signed certificate|unable to (?:verify|get)/i,
    (said) =>
      `nobody trusted here vouches for its certificate (${said.split(';')[0]}); name the file of your own authority in NODE_EXTRA_CA_CERTS before the process starts`,
  ],
  [/does not match certificate's altnames/i, (said) => `its certificate is for another name (${said})`],
  [/certificate has expired/i, () => 'its certificate has expired'],
  [/certificate is not yet valid/i, () => 'its certificate is not valid yet: is a clock wrong?'],
  [
    /wrong version number|packet length too long/i,
    () => 'it speaks no TLS on this port; smtps:// is TLS from the first byte (465), smtp:// begins without (587)',
  ],
];

/** One line: what went wrong, found in the error, its cause, or the first of several addresses that were tried. */
export function failureReason(error: unknown): string {
  const said = wordsOf(error) ?? 'it failed';
  const meaning = meanings.find(([words]) => words.test(said));
  return meaning ? meaning[1](said) : said;
}

function wordsOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.message !== '') return error.message.trim();
  return wordsOf(error instanceof AggregateError ? error.errors[0] : error.cause);
}
