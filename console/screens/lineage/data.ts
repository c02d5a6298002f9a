import { queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';
import { orGone } from '../../app/or-gone.ts';

export type Lineage = Awaited<AnswerOf<'lineage.get'>>;
export type LineageArtifact = Lineage['artifacts'][number];
export type LineageModel = Lineage['models'][number];
export type LineageRun = Lineage['runs'][number];
export type RunDetails = Awaited<AnswerOf<'runs.get'>>;
export type Logged = Awaited<AnswerOf<'requests.get'>>;
export type Place = Extract<Lineage['subject'], { kind: 'photo' }>['places'][number];

/** What a lineage is of: a model version, photo or artifact in `of`; or a run; or a logged request. */
export interface Subject {
  of?: string | undefined;
  run?: string | undefined;
  request?: string | undefined;
}

export const hasSubject = ({ of, run, request }: Subject) => (of ?? run ?? request) !== undefined;

/** A run is followed from its last model, or what it made last; a request from the version that answered it. */
export const lineageQuery = (subject: Subject) =>
  queryOptions({
    queryKey: ['runs', 'lineage', subject.of, subject.run, subject.request],
    queryFn: async () => {
      const run = subject.run === undefined ? null : await client.runs.get(subject.run);
      const request = subject.request === undefined ? null : await client.requests.get(subject.request);
      const of = subject.of ?? (run ? lastOf(run) : request ? answeredBy(request) : null);
      return { run, request, lineage: of === null ? null : await client.lineage(of) };
    },
    enabled: hasSubject(subject),
  });

function lastOf({ executions }: RunDetails): string | null {
  const made = executions.flatMap(({ outputs }) => outputs.map(({ artifact }) => artifact)).reverse();
  const best = ['PushedModel', 'Model', 'Examples'].flatMap((type) => made.filter((each) => each.type === type));
  return (best[0] ?? made[0])?.id ?? null;
}

const answeredBy = ({ modelName, modelVersion }: Logged) =>
  modelVersion === null ? null : `${modelName}@${modelVersion}`;

export const dataSetQuery = (id: string) =>
  queryOptions({ queryKey: ['data', id, 'detail'], queryFn: () => client.data.get(id) });

export const somePhotosQuery = (id: string) =>
  queryOptions({
    queryKey: ['data', id, 'some'],
    queryFn: async () => (await client.data.photos(id, { limit: 6, split: 'train' })).items,
  });

/** What `trigger` of a run names. */
export type Cause =
  | { kind: 'trigger' | 'release'; name: string }
  | { kind: 'demand' | 'api' | 'retry' | 'promotion' | 'erase' | 'other' };

export function causeOf(trigger: string): Cause {
  const [, kind, name] = /^(trigger|release) (.+)$/.exec(trigger) ?? [];
  if ((kind === 'trigger' || kind === 'release') && name) return { kind, name };
  const plain = (['demand', 'api', 'retry', 'promotion', 'erase'] as const).find((each) => each === trigger);
  return { kind: plain ?? 'other' };
}

/** Null = its trigger is gone, or it fired too long ago. */
export const firingQuery = (trigger: string, run: string) =>
  queryOptions({
    queryKey: ['triggers', trigger, 'firing', run],
    queryFn: async () => {
      const { items } = await orGone(client.triggers.firings(trigger, { limit: 200 }), { items: [] });
      return items.find(({ runId }) => runId === run) ?? null;
    },
  });

/** Null = it is gone. */
export const releaseQuery = (id: string) =>
  queryOptions({ queryKey: ['releases', id], queryFn: () => orGone(client.releases.get(id), null) });

/** To choose from. */
export const newestQuery = queryOptions({
  queryKey: ['runs', 'lineage-start'],
  queryFn: async () => {
    const [models, runs] = await Promise.all([client.models.list({ limit: 6 }), client.runs.list({ limit: 6 })]);
    return { models: models.items, runs: runs.items };
  },
});
