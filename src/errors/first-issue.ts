interface Issues {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}

/** What a schema refused first; `place` is `labels.domain`, or empty for the whole value. */
export function issueOf({ issues: [issue] }: Issues): { place: string; reason: string } {
  return { place: issue?.path.join('.') ?? '', reason: issue?.message ?? '' };
}

/** The same as text: `labels.domain: Too small: expected array to have >=2 items`. */
export function firstIssue(error: Issues): string {
  const { place, reason } = issueOf(error);
  return place === '' ? reason : `${place}: ${reason}`;
}
