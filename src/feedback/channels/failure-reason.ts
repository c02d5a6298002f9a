/** Explanations of connection errors. */
const explanations: readonly [RegExp, (message: string) => string][] = [
  [
    /self-signed certificate|unable to (?:verify|get)/i,
    (message) =>
      `its certificate is not trusted (${message.split(';')[0]}); for your own authority, set NODE_EXTRA_CA_CERTS to its file before the process starts`,
  ],
  [/does not match certificate's altnames/i, (message) => `its certificate is for another name (${message})`],
  [/certificate has expired/i, () => 'its certificate has expired'],
  [/certificate is not yet valid/i, () => 'its certificate is not valid yet: is a clock wrong?'],
  [
    /wrong version number|packet length too long/i,
    () => 'no TLS on this port; smtps:// uses TLS from the first byte (465), smtp:// uses STARTTLS (587)',
  ],
];

/** One line: the message of the error, of its cause, or of the first address tried. */
export function failureReason(error: unknown): string {
  const message = messageOf(error) ?? 'unknown error';
  const explanation = explanations.find(([pattern]) => pattern.test(message));
  return explanation ? explanation[1](message) : message;
}

function messageOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.message !== '') return error.message.trim();
  return messageOf(error instanceof AggregateError ? error.errors[0] : error.cause);
}
