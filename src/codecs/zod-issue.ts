import type { z } from 'zod';

/** What a schema refused first. `path`: dotted, empty at the top level. */
export function firstIssue({ issues }: z.ZodError): { path: string; message: string } {
  const [issue] = issues;
  return { path: issue?.path.join('.') ?? '', message: issue?.message ?? 'not valid' };
}
