import type { EmbeddingFiles } from '../../../artifacts/transform-graph/embedding-source.ts';
import { TrainingProcess } from '../process/training-process.ts';
import type { HeadTraining } from './head-training.ts';
import { type Member, type MemberPlan, memberSeed, openMember } from './member.ts';

/**
 * The members of a head, the first here and the others each in a process of its own when there may be so many. Where a
 * member learns does not change a bit of it.
 */
export async function openMembers(training: HeadTraining): Promise<Member[]> {
  const { source, config, processes = 1, signal } = training;
  const away = source.files ? Math.min(config.members, processes) - 1 : 0;
  const members = Array.from({ length: config.members }, (_, i) => {
    const plan = { ...planOf(training), seed: memberSeed(training.seed, i) };
    const isOwn = i < config.members - away;
    return isOwn ? openMember(source, plan, signal) : openAway(source.files!, plan, signal);
  });
  const settled = await Promise.allSettled(members);
  const failed = settled.find((each) => each.status === 'rejected');
  const opened = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!failed) return opened;
  // else a process would wait for its first epoch as long as this one lives
  await Promise.all(opened.map((member) => member.close()));
  throw failed.reason;
}

function planOf({ standardiser, rows, targets, classes, config, seed }: HeadTraining): MemberPlan {
  return { standardiser, rows: Int32Array.from(rows), targets: Int32Array.from(targets), classes, config, seed };
}

async function openAway(files: EmbeddingFiles, plan: MemberPlan, signal?: AbortSignal): Promise<Member> {
  const child = new TrainingProcess(signal);
  try {
    await child.ask({ kind: 'member', files, plan });
  } catch (error) {
    await child.close();
    throw error;
  }
  return { run: (epoch) => child.ask({ kind: 'epoch', epoch }), close: () => child.close() };
}
