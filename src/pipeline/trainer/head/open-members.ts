import type { EmbeddingFiles } from '../../../artifacts/transform-graph/embedding-source.ts';
import { TrainingProcess } from '../process/training-process.ts';
import type { HeadTraining } from './head-training.ts';
import { type Member, type MemberPlan, memberSeed, openMember } from './member.ts';

/** The members of a head: the last ones each in a child process, as far as `processes` allows, the others here. Their weights do not depend on it. */
export async function openMembers(training: HeadTraining): Promise<Member[]> {
  const { source, config, processes = 1, signal } = training;
  const { files } = source;
  const children = Math.min(config.members, processes) - 1;
  const members = Array.from({ length: config.members }, (_, i) => {
    const plan = { ...planOf(training), seed: memberSeed(training.seed, i) };
    const isHere = !files || i < config.members - children;
    return isHere ? openMember(source, plan, signal) : openInChildProcess(files, plan, signal);
  });
  const settled = await Promise.allSettled(members);
  const failed = settled.find((each) => each.status === 'rejected');
  const opened = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!failed) return opened;
  // otherwise the child processes would wait for their first epoch
  await Promise.all(opened.map((member) => member.close()));
  throw failed.reason;
}

function planOf({ standardiser, rows, targets, classes, config, seed }: HeadTraining): MemberPlan {
  return { standardiser, rows: Int32Array.from(rows), targets: Int32Array.from(targets), classes, config, seed };
}

async function openInChildProcess(files: EmbeddingFiles, plan: MemberPlan, signal?: AbortSignal): Promise<Member> {
  const child = new TrainingProcess(signal);
  try {
    await child.ask({ kind: 'member', files, plan });
  } catch (error) {
    await child.close();
    throw error;
  }
  return { run: (epoch) => child.ask({ kind: 'epoch', epoch }), close: () => child.close() };
}
