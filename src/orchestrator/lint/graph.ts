import { durationMs } from '../../codecs/duration.ts';
import type { ArtifactType } from '../../contracts/artifact.ts';
import { isChannel } from '../define/channel.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { Step } from '../define/step.ts';
import type { Finding } from './finding.ts';

/** Types that nothing needs to read. */
const ends: ReadonlySet<ArtifactType> = new Set([
  'PushedModel',
  'InferenceResult',
  'ModelRun',
  'TunerResults',
  'ModelEvaluation',
]);

/** Step names, step options, outputs that nothing reads. */
export function* lintGraph(pipeline: Pipeline): Iterable<Finding> {
  if (pipeline.steps.length === 0)
    yield {
      level: 'error',
      step: null,
      key: null,
      problem: 'the pipeline has no steps',
      remedy: 'Call components in its definition',
    };
  yield* names(pipeline.steps);
  for (const step of pipeline.steps) yield* options(step);
  yield* unused(pipeline.steps);
}

function* names(steps: readonly Step[]): Iterable<Finding> {
  const seen = new Set<string>();
  for (const { name } of steps) {
    const at = { level: 'error', step: String(name), key: null } as const;
    if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(name))
      yield {
        ...at,
        problem: 'the name is not valid',
        remedy: 'Use lower-case letters, digits and dashes, at most 64',
      };
    if (seen.has(name)) yield { ...at, problem: 'two steps have this name', remedy: 'Give each a unique name' };
    seen.add(name);
  }
}

function* options({ name, options: { retries, timeout, ...rest } }: Step): Iterable<Finding> {
  const at = (key: string, problem: string, remedy: string): Finding => ({
    level: 'error',
    step: name,
    key,
    problem,
    remedy,
  });
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0 && retries <= 20))
    yield at('retries', `expected a whole number from 0 to 20, got ${retries}`, 'Correct this option');
  if (timeout !== undefined && !durationMs(timeout))
    yield at('timeout', `expected a duration such as "30s", "10min" or "2h", got "${timeout}"`, 'Correct this option');
  for (const key of Object.keys(rest))
    if (key !== 'name') yield at(key, 'unknown step option', 'Options are name, retries, timeout');
}

function* unused(steps: readonly Step[]): Iterable<Finding> {
  const used = new Set(
    steps.flatMap(({ inputs }) =>
      Object.values(inputs).flatMap((value) => (isChannel(value) ? [`${value.step}.${value.key}`] : [])),
    ),
  );
  for (const { name, component } of steps) {
    for (const [key, { type }] of Object.entries(component.spec.outputs)) {
      if (used.has(`${name}.${key}`) || ends.has(type)) continue;
      yield {
        level: 'note',
        step: name,
        key,
        problem: 'no step reads this output',
        remedy: 'Wire it to a step if you need it',
      };
    }
  }
}
