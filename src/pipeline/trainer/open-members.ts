import type { EmbeddingFiles } from './embedding-source.ts';
import { type Member, type MemberPlan, memberSeed, openMember } from './member.ts';
import { TrainingThread } from './thread/training-thread.ts';
import type { HeadTraining } from './train-head.ts';

/**
 * The members of a head, the first in this thread and the others each in one of their own when there are threads for them. Where a
 * member learns does not change a bit of it.
 */
export async function openMembers(training: HeadTraining): Promise<Member[]> {
  const { source, config, threads = 1, signal } = training;
  const inThreads = source.files ? Math.min(config.members, threads) - 1 : 0;
  const members = Array.from({ length: config.members }, (_, i) => {
    const plan = { ...planOf(training), seed: memberSeed(training.seed, i) };
    const isOwn = i < config.members - inThreads;
    return isOwn ? openMember(source, plan, signal) : openAway(source.files!, plan, signal);
  });
  return Promise.all(members);
}

function planOf({ standardiser, rows, targets, classes, config, seed }: HeadTraining): MemberPlan {
  return { standardiser, rows: Int32Array.from(rows), targets: Int32Array.from(targets), classes, config, seed };
}

async function openAway(files: EmbeddingFiles, plan: MemberPlan, signal?: AbortSignal): Promise<Member> {
  const thread = new TrainingThread(signal);
  try {
    await thread.ask({ kind: 'member', files, plan });
  } catch (error) {
    await thread.close();
    throw error;
  }
  return { run: (epoch) => thread.ask({ kind: 'epoch', epoch }), close: () => thread.close() };
}
