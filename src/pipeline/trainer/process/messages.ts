import type { EmbeddingFiles } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { FoldPlan } from '../calibration/fold-plan.ts';
import type { MemberEpoch, MemberPlan } from '../head/member.ts';

/** What a training process can be asked for, one thing after the other. */
export type TrainingRequest =
  | { kind: 'member'; files: EmbeddingFiles; plan: MemberPlan }
  | { kind: 'epoch'; epoch: number }
  | { kind: 'fold'; files: EmbeddingFiles; plan: FoldPlan };

/** `undefined` of a member that is ready. */
export type TrainingAnswer<R extends TrainingRequest> = R extends { kind: 'epoch' }
  ? MemberEpoch
  : R extends { kind: 'fold' }
    ? Float64Array
    : undefined;
