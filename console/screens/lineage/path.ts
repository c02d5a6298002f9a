import type { Lineage, LineageArtifact, LineageModel, LineageRun } from './data.ts';

/** The line from what was asked about back to what started it. */
export interface Path {
  model: LineageModel | null;
  /** Other versions that it could have led through. */
  models: LineageModel[];
  run: LineageRun | null;
  /** Data sets that the model was made from, nearest first. */
  data: LineageArtifact[];
}

/** @param chosen `leaf@3`; by default the newest version, for a photo the newest that was trained on it */
export function pathOf(lineage: Lineage, chosen: string | undefined): Path {
  const { subject } = lineage;
  const newest = lineage.models.toSorted((a, b) => timeOf(b) - timeOf(a));
  const models = newest.toSorted((a, b) => Number(b.trainedOn === true) - Number(a.trainedOn === true));
  const own = subject.kind === 'model' ? nameOf(subject.model) : chosen;
  const model = models.find((each) => nameOf(each) === own) ?? models[0] ?? null;
  const focus = model?.artifactId ?? startOf(lineage);
  const made = lineage.edges.find(({ to }) => to === focus)?.from;
  const execution = lineage.executions.find(({ id }) => id === made);
  const runId = model?.runId ?? execution?.runIds[0];
  const before = focus === undefined ? [] : ancestors(lineage.edges, focus);
  return {
    model,
    models: subject.kind === 'model' ? [] : models,
    run: lineage.runs.find(({ id }) => id === runId) ?? null,
    data: before.flatMap((id) => lineage.artifacts.filter((each) => each.id === id && each.type === 'Examples')),
  };
}

const startOf = ({ subject }: Lineage) =>
  subject.kind === 'artifact'
    ? subject.artifactId
    : subject.kind === 'photo'
      ? subject.places[0]?.artifactId
      : subject.model.artifactId;

/** What an artifact was made from, itself first, then nearest first. Inputs that only kept splits stable do not count. */
function ancestors(edges: Lineage['edges'], start: string): string[] {
  const reached = new Set([start]);
  // iterating a Set includes what is added meanwhile
  for (const id of reached) for (const edge of edges) if (edge.to === id && !edge.isHistory) reached.add(edge.from);
  return [...reached];
}

export const nameOf = ({ name, version }: { name: string; version: number }) => `${name}@${version}`;
const timeOf = ({ createdAt }: { createdAt: Date | string }) => new Date(createdAt).getTime();

interface ArtifactEdge {
  from: string;
  to: string;
  /** Of the step between them. */
  step: string;
  isHistory: boolean;
}

/** Artifacts alone: those that a step read, joined to those that it wrote. */
export function artifactEdges({ edges, executions }: Pick<Lineage, 'edges' | 'executions'>): ArtifactEdge[] {
  const written = Map.groupBy(edges, ({ from }) => from);
  const joined = new Map<string, ArtifactEdge>();
  for (const { id, step } of executions)
    for (const read of edges.filter(({ to }) => to === id))
      for (const { to } of written.get(id) ?? []) {
        const key = `${read.from} ${to}`;
        const isHistory = read.isHistory && (joined.get(key)?.isHistory ?? true);
        joined.set(key, { from: read.from, to, step, isHistory });
      }
  return [...joined.values()];
}

/** The artifacts nearest to the start, breadth first; those that nothing joins to it come last. */
export function nearest(
  artifacts: readonly LineageArtifact[],
  edges: readonly ArtifactEdge[],
  count: number,
): LineageArtifact[] {
  const byId = new Map(artifacts.map((each) => [each.id, each]));
  const near = new Map<string, string[]>();
  const join = (one: string, other: string) => void near.set(one, [...(near.get(one) ?? []), other]);
  for (const { from, to } of edges) {
    join(to, from);
    join(from, to);
  }
  const reached = new Set(artifacts.filter(({ relation }) => relation === 'subject').map(({ id }) => id));
  // iterating a Set includes what is added meanwhile
  for (const id of reached) for (const next of near.get(id) ?? []) reached.add(next);
  for (const { id } of artifacts) reached.add(id);
  return [...reached].flatMap((id) => byId.get(id) ?? []).slice(0, count);
}
