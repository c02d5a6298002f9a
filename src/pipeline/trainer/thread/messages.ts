import type { SentError } from '../../../inference/messages.ts';
import type { FoldPlan } from '../answer-fold.ts';
import type { EmbeddingFiles } from '../embedding-source.ts';
import type { MemberEpoch, MemberPlan } from '../member.ts';

/** What a training thread can be asked for, one thing after the other. */
export type ThreadRequest =
  | { kind: 'member'; files: EmbeddingFiles; plan: MemberPlan }
  | { kind: 'epoch'; epoch: number }
  | { kind: 'fold'; files: EmbeddingFiles; plan: FoldPlan };

/** `undefined` of a member that stands ready. */
export type ThreadAnswer<R extends ThreadRequest> = R extends { kind: 'epoch' }
  ? MemberEpoch
  : R extends { kind: 'fold' }
    ? Float64Array
    : undefined;

export type ThreadReply = { answer?: MemberEpoch | Float64Array | undefined; error?: SentError };
