import type { EmbeddingFiles } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { FoldPlan } from '../calibration/fold-plan.ts';
import type { MemberEpoch, MemberPlan } from '../head/member.ts';

/** Requests to a training process, one at a time. */
export type TrainingRequest =
  | { kind: 'member'; files: EmbeddingFiles; plan: MemberPlan }
  | { kind: 'epoch'; epoch: number }
  | { kind: 'fold'; files: EmbeddingFiles; plan: FoldPlan };

/** `undefined` = the member is ready. */
export type TrainingAnswer<R extends TrainingRequest> = R extends { kind: 'epoch' }
  ? MemberEpoch
  : R extends { kind: 'fold' }
    ? Float64Array
    : undefined;
