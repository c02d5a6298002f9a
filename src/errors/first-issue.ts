interface Issues {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}

/** What a schema refused first, with its place: `labels.domain: Too small: expected array to have >=2 items`. */
export function firstIssue({ issues: [issue] }: Issues): string {
  const place = issue?.path.join('.') ?? '';
  return `${place === '' ? '' : `${place}: `}${issue?.message}`;
}
