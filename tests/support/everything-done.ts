import type { Facts, StepFacts } from '../../src/feedback/maturity/facts.ts';

export const at = new Date('2026-11-20T12:00:00Z');
const digest = 'c'.repeat(64);

function step(
  component: string,
  inputs: string[],
  outputs: string[],
  properties: Record<string, string | number | boolean> = {},
): StepFacts {
  const artifact = (type: string) =>
    ({
      key: type,
      artifact: { id: `${type}-1`, type, uri: `/a/${type}`, digest, properties, deletedAt: null },
    }) as unknown as StepFacts['inputs'][number];
  const execution = {
    step: component.toLowerCase(),
    component,
    keyParts: { component: `${component}@1` },
    startedAt: at,
    finishedAt: at,
    summary: 'no anomalies',
  };
  return {
    execution: execution as unknown as StepFacts['execution'],
    inputs: inputs.map(artifact),
    outputs: outputs.map(artifact),
  };
}

const run = {
  id: 'run-1',
  pipeline: 'leaf',
  state: 'succeeded',
  who: 'mika',
  trigger: 'demand',
  parameters: { images: '/p' },
  definitionDigest: digest,
  codeDigest: digest,
  startedAt: at,
  finishedAt: at,
};
const check = (name: string) => ({ name, passed: true, value: 1, threshold: 2 });
const tests = ['container', 'features', 'model', 'converges', 'finite', 'artifacts', 'integration'];
const trigger = (kind: string) => ({
  name: kind,
  isEnabled: true,
  when: { kind, endpoint: 'leaf' },
  createdAt: at,
  who: 'mika',
});
const start = (seq: number, stage: string, change: object = {}) => ({
  seq,
  release: 'leaf-1',
  environment: stage,
  stage,
  via: 'command',
  who: 'mika',
  approver: null,
  branch: null,
  place: null,
  runId: `run-of-start-${seq}`,
  state: 'succeeded',
  isSameDefinition: true,
  stageIsSet: true,
  byHand: false,
  trained: true,
  workflow: null,
  ...change,
});
const workflow = {
  issuer: 'https://ci.example',
  repository: 'mika/leaf',
  ref: 'refs/heads/main',
  isProtected: true,
  event: 'push',
  commit: 'abc',
  run: '7',
};
const sent = { via: 'webhook', approver: 'noor', branch: 'main', workflow };
const firing = (trigger: string, occasion: string) => ({
  trigger,
  occasion,
  at: new Date('2026-11-20T13:00:00Z'),
  state: 'fired',
  why: 'an alert is open',
  run: { id: 'run-2', state: 'succeeded' },
});
const interval = (value: number) => ({ value, low: value, high: value });
const slice = (value: string) => ({ by: 'label', value, examples: 30, metrics: { recall: interval(0.9) } });

/** A workspace in which all was done. */
export function everything(): Facts {
  const training = {
    run,
    steps: [
      step('ExampleGen', [], ['Examples']),
      step('StatisticsGen', ['Examples'], ['ExampleStatistics']),
      step('SchemaGen', ['ExampleStatistics'], ['Schema'], { curated: true }),
      step('ExampleValidator', ['ExampleStatistics', 'Schema'], ['ExampleAnomalies'], { blessed: 1 }),
      step('Transform', ['Examples'], ['TransformGraph'], { backbone_digest: digest }),
      step('Trainer', ['Examples', 'ExampleAnomalies'], ['Model', 'ModelRun'], { epochs: 3, eval_accuracy: 0.9 }),
      step('Evaluator', ['Model'], ['ModelEvaluation', 'ModelBlessing'], { baseline_model_id: 'model-0' }),
      step('InfraValidator', ['Model'], ['InfraBlessing']),
      step('Pusher', ['Model', 'ModelBlessing', 'InfraBlessing'], ['PushedModel'], { pushed: 1 }),
    ],
    evaluation: {
      examples: 60,
      modelDigest: digest,
      baselineDigest: 'b'.repeat(64),
      baseline: { metrics: {}, difference: {} },
      labels: ['healthy', 'rust'],
      task: { kind: 'multiclass' },
      confusion: [
        [27, 3],
        [3, 27],
      ],
      slices: [slice('healthy'), slice('rust')],
      metrics: { auc: interval(0.97), accuracy: interval(0.9) },
    },
    blessing: { blessed: true, checks: [{ ...check('overall: auc at least 0.95'), threshold: 0.95 }] },
    infraBlessing: { blessed: true, checks: [check('milliseconds an answer'), check('label as at training')] },
    signature: { backbone: { digest } },
    lost: 0,
  };
  const version = {
    name: 'leaf',
    version: 2,
    blessed: true,
    runId: 'run-2',
    artifactId: 'model-2',
    artifactDigest: 'a'.repeat(64),
    createdAt: new Date('2026-11-20'),
  };
  return {
    now: new Date('2026-11-21T00:00:00Z'),
    lastTickAt: new Date('2026-11-20T23:59:00Z'),
    runs: [run, { ...run, id: 'run-2', trigger: 'trigger drift' }],
    trained: new Set(['run-1', 'run-2']),
    training,
    resumed: { step: 'transform', runId: 'run-2', failedRunId: 'run-0' },
    versions: [version, { ...version, version: 1, artifactId: 'model-0', artifactDigest: 'b'.repeat(64) }],
    delivery: { version, how: 'deployed to leaf by its run', run: training },
    endpoints: ['leaf'],
    endpointEvents: [
      {
        endpoint: 'leaf',
        action: 'deploy',
        at: new Date('2026-11-20'),
        after: [{ modelName: 'leaf', version: 1, role: 'stable', traffic: 100 }],
      },
    ],
    answers: { answered: 30, failed: 0 },
    monitors: [{ name: 'm', endpoint: 'leaf', isEnabled: true }],
    results: [{ monitor: 'm', state: 'ok' }],
    triggers: ['schedule', 'new-data', 'performance', 'drift'].map(trigger),
    firings: [
      firing('drift', 'alert:1'),
      firing('schedule', 'schedule:1'),
      firing('new-data', 'folder:1'),
      firing('performance', 'result:1'),
    ],
    promotions: [
      {
        modelName: 'leaf',
        version: 2,
        endpoint: 'leaf',
        state: 'promoted',
        createdAt: new Date('2026-11-20'),
        endedAt: at,
        policy: { canary: { requestsAStep: 200 } },
        decisions: [
          { state: 'canary', evidence: { checks: [] } },
          {
            state: 'promoted',
            evidence: { checks: [{ id: 'errors', name: 'errors', verdict: 'pass', said: '0 of 200', numbers: {} }] },
          },
        ],
      },
    ],
    releases: [{ id: 'leaf-1', gitCommit: 'abc', codeDigest: digest, madeHere: false, who: 'mika' }],
    starts: [
      start(5, 'production', { byHand: true }),
      start(4, 'production', sent),
      start(3, 'pre-production', sent),
      start(2, 'pre-production'),
      start(1, 'test', sent),
    ],
    proofs: [
      {
        kind: 'pipeline-test',
        subject: 'leaf',
        passed: true,
        ci: 'github mika/leaf#7',
        codeDigest: digest,
        at,
        who: 'ci',
        origin: 'workflow',
        checks: tests.map((name) => ({ name, passed: true, said: 'held' })),
      },
      {
        kind: 'load-test',
        subject: 'leaf',
        passed: true,
        at,
        origin: 'here',
        checks: [
          { name: 'rate', passed: true, said: '100 photos a second' },
          { name: 'load', passed: true, said: '500 photos' },
        ],
      },
    ],
  } as unknown as Facts;
}
