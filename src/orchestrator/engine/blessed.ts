import { type BlessingKind, readBlessing } from '../../artifacts/blessing/files.ts';
import type { Artifact, ArtifactType } from '../../contracts/artifact.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Output parameter of a step that gives a verdict: `'true'` or `'false'`. */
export const blessedParameter = 'blessed';

export const blessingKinds: Partial<Record<ArtifactType, BlessingKind>> = {
  ModelBlessing: 'model',
  InfraBlessing: 'infra',
};

/** Whether every verdict of a step is positive; an absent one blesses nothing. Null = the component gives none. */
export async function isBlessed({ outputs }: ComponentSpec, made: Record<string, Artifact>): Promise<boolean | null> {
  const verdicts = Object.entries(outputs).flatMap(([key, { type }]) => {
    const kind = blessingKinds[type];
    return kind === undefined ? [] : [{ kind, artifact: made[key] }];
  });
  if (verdicts.length === 0) return null;
  for (const { kind, artifact } of verdicts)
    if (artifact === undefined || !(await readBlessing(artifact.uri, kind)).blessed) return false;
  return true;
}
