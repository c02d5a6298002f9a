interface Issues {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}

/** What a schema refused; `place` is `labels.domain`, or empty for the whole value. */
export const issuesOf = ({ issues }: Issues) =>
  issues.map(({ path, message }) => ({ place: path.join('.'), reason: message }));

/** What a schema refused first. */
export function issueOf(error: Issues): { place: string; reason: string } {
  return issuesOf(error)[0] ?? { place: '', reason: '' };
}

/** The same as text: `labels.domain: Too small: expected array to have >=2 items`. */
export function firstIssue(error: Issues): string {
  const { place, reason } = issueOf(error);
  return place === '' ? reason : `${place}: ${reason}`;
}
