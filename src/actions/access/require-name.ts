import { nameSchema } from '../../contracts/access.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';

export function requireName(
  what: 'project' | 'key' | 'person' | 'endpoint' | 'golden set' | 'experiment',
  name: string,
): void {
  const checked = nameSchema.safeParse(name);
  if (!checked.success) throw new MitateError('ACCESS_NAME_INVALID', { what, name, reason: firstIssue(checked.error) });
}
