import type { DriftScore } from '../../serving/metrics.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Of the enabled monitors of all projects that had enough data. */
export async function driftScores(store: Pick<OpenStore, 'access' | 'forProject'>): Promise<DriftScore[]> {
  const projects = await store.access.listProjects();
  const scores: DriftScore[] = [];
  for (const { name } of projects) {
    const { monitors } = store.forProject(name);
    const on = new Set((await monitors.listMonitors()).filter(({ isEnabled }) => isEnabled).map((each) => each.name));
    for (const { monitor, endpoint, finding } of await monitors.latestResults())
      if (on.has(monitor) && finding.statistic !== null)
        scores.push({ project: name, endpoint, monitor, score: finding.statistic });
  }
  return scores;
}
