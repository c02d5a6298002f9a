import type { DriftScore } from '../serving/metrics.ts';
import type { OpenStore } from '../store/open-store.ts';

/** Of the monitors of all projects that had enough data. */
export async function driftScores(store: OpenStore): Promise<DriftScore[]> {
  const projects = await store.access.listProjects();
  const scores: DriftScore[] = [];
  for (const { name } of projects)
    for (const { monitor, endpoint, finding } of await store.forProject(name).monitors.latestResults())
      if (finding.statistic !== null) scores.push({ project: name, endpoint, monitor, score: finding.statistic });
  return scores;
}
