import { describe, expect, it } from 'vitest';
import { at, everything } from '../../../tests/support/everything-done.ts';
import { assessMaturity, maturityChecks } from './assess.ts';
import type { Facts, StepFacts } from './facts.ts';

// biome-ignore lint/suspicious/noExplicitAny: takes apart what is whole
type Deletion = (facts: any) => void;
const drop =
  (name: string): Deletion =>
  (facts) => {
    facts.proofs[0].checks = facts.proofs[0].checks.filter((each: { name: string }) => each.name !== name);
  };
const off =
  (kind: string): Deletion =>
  (facts) => {
    facts.triggers = facts.triggers.filter(({ when }: { when: { kind: string } }) => when.kind !== kind);
  };
// biome-ignore lint/suspicious/noExplicitAny: as above
const output = (facts: any, type: string) =>
  facts.training.steps.flatMap((each: StepFacts) => each.outputs).find(({ key }: { key: string }) => key === type)
    .artifact;

/** Takes away what shows one thing, and the checks that nothing else shows. */
const deletions: [string, Deletion, string[]][] = [
  [
    'all steps but one',
    ({ training }) => {
      training.steps.length = 1;
    },
    ['L1.1', 'L1.7', 'L1.12', 'L1.14', 'L1.20', 'L1.21', 'L2.17'],
  ],
  [
    'the success of the run that a trigger started',
    ({ firings }) => {
      firings[0].run.state = 'failed';
    },
    ['L1.2', 'L1.8', 'L2.6'],
  ],
  [
    'good runs of what was released',
    ({ starts }) => {
      for (const each of starts) each.isSameDefinition = false;
    },
    ['L1.3'],
  ],
  ['the container', drop('container'), ['L1.4']],
  [
    'a deployment by hand after the push',
    (facts) => {
      facts.endpointEvents[0]!.at = new Date('2026-11-21');
      facts.promotions[0].version = 1;
    },
    ['L1.5'],
  ],
  [
    'deployments that nobody made by hand',
    (facts) => {
      facts.endpointEvents = [];
      facts.promotions[0].version = 1;
    },
    ['L1.5'],
  ],
  [
    'what was brought to production',
    (facts) => {
      for (const each of facts.starts.slice(0, 2)) each.stage = 'dev';
    },
    ['L1.6', 'L2.20'],
  ],
  [
    'the gate behind the schema',
    ({ training }) => {
      training.steps[2].inputs = [];
    },
    ['L1.7'],
  ],
  [
    'runs that drift started',
    ({ firings }) => {
      firings[0].trigger = 'schedule';
    },
    ['L1.8', 'L2.6'],
  ],
  [
    'the evaluation',
    ({ training }) => {
      training.evaluation = null;
    },
    ['L1.9', 'L1.10', 'L1.11', 'L1.21'],
  ],
  [
    'the baseline',
    ({ training }) => {
      training.evaluation.baselineDigest = null;
    },
    ['L1.10'],
  ],
  [
    'the slices',
    ({ training }) => {
      training.evaluation.slices = [];
    },
    ['L1.11'],
  ],
  [
    'the wire from the infrastructure to the push',
    ({ training }) => {
      training.steps[4].inputs.pop();
    },
    ['L1.12'],
  ],
  [
    'the wire from the verdict to the push',
    ({ training }) => {
      training.steps[4].inputs.shift();
    },
    ['L2.17'],
  ],
  [
    'the canary',
    ({ promotions }) => {
      promotions[0].decisions = [];
    },
    ['L1.13'],
  ],
  [
    'the same backbone',
    (facts) => {
      output(facts, 'TransformGraph').properties.backbone_digest = 'x';
    },
    ['L1.14'],
  ],
  [
    'the version of a component',
    ({ training }) => {
      training.steps[0].execution.keyParts = {};
    },
    ['L1.15'],
  ],
  [
    'the end of a step',
    ({ training }) => {
      training.steps[0].execution.finishedAt = null;
    },
    ['L1.16'],
  ],
  [
    'who ran it',
    ({ training }) => {
      training.run = { ...training.run, who: '' };
    },
    ['L1.17'],
  ],
  [
    'the parameters',
    ({ training }) => {
      training.run = { ...training.run, parameters: {} };
    },
    ['L1.18'],
  ],
  [
    'an artifact',
    (facts) => {
      output(facts, 'Model').deletedAt = at;
    },
    ['L1.19'],
  ],
  [
    'the run that resumed',
    (facts) => {
      facts.resumed = null;
    },
    ['L1.19'],
  ],
  [
    'the previous model',
    (facts) => {
      output(facts, 'ModelBlessing').properties = {};
    },
    ['L1.20'],
  ],
  [
    'the numbers of training',
    (facts) => {
      output(facts, 'ModelRun').properties = {};
    },
    ['L1.21'],
  ],
  [
    'the run on demand',
    ({ runs }) => {
      runs[0].trigger = 'trigger drift';
    },
    ['L1.22'],
  ],
  ['the schedule', off('schedule'), ['L1.23']],
  ['the watched folder', off('new-data'), ['L1.24']],
  ['the trigger on performance', off('performance'), ['L1.25']],
  ['the trigger on drift', off('drift'), ['L1.2', 'L1.8', 'L1.26', 'L2.6']],
  [
    'the commit',
    ({ releases }) => {
      releases[0].gitCommit = null;
    },
    ['L2.1'],
  ],
  [
    'the continuous integration',
    ({ proofs }) => {
      proofs[0].ci = null;
    },
    ['L2.2'],
  ],
  [
    'the webhook',
    ({ starts }) => {
      for (const each of starts) if (each.stage !== 'test') each.via = 'api';
      starts[4].state = 'queued';
    },
    ['L2.3', 'L2.18'],
  ],
  [
    'good runs in production',
    ({ starts }) => {
      for (const each of starts.slice(0, 2)) each.state = 'failed';
    },
    ['L1.6', 'L2.20'],
  ],
  [
    'good runs beyond development',
    ({ starts }) => {
      for (const each of starts.slice(0, 4)) each.stage = 'dev';
    },
    ['L1.3', 'L1.6', 'L2.19', 'L2.20'],
  ],
  [
    'triggers that fire by themselves',
    ({ firings }) => {
      firings[0].occasion = 'demand:1';
    },
    ['L1.2', 'L1.8', 'L2.4', 'L2.6'],
  ],
  [
    'the files of an artifact',
    ({ training }) => {
      training.lost = 1;
    },
    ['L1.19'],
  ],
  [
    'a newest test that held',
    ({ proofs }) => {
      proofs.unshift({
        ...proofs[0],
        passed: false,
        checks: proofs[0].checks.map((each: object) => ({ ...each, passed: false })),
      });
    },
    ['L1.4', 'L2.7', 'L2.8', 'L2.9', 'L2.10', 'L2.11', 'L2.12'],
  ],
  [
    'tests of this very pipeline',
    ({ proofs }) => {
      proofs[0].subject = 'roses';
    },
    ['L1.4', 'L2.7', 'L2.8', 'L2.9', 'L2.10', 'L2.11', 'L2.12'],
  ],
  [
    'a newest load test that held',
    ({ proofs }) => {
      proofs.splice(1, 0, { ...proofs[1], passed: false });
    },
    ['L2.15'],
  ],
  [
    'the model of an automatic run',
    ({ versions }) => {
      versions[0].runId = 'run-9';
    },
    ['L2.4'],
  ],
  [
    'the promotion',
    ({ promotions }) => {
      promotions[0].state = 'rejected';
    },
    ['L2.5'],
  ],
  [
    'the monitor',
    (facts) => {
      facts.results = [];
    },
    ['L2.6'],
  ],
  ['the test of features', drop('features'), ['L2.7']],
  ['the test of the model', drop('model'), ['L2.8']],
  ['the test of convergence', drop('converges'), ['L2.9']],
  ['the test for NaN', drop('finite'), ['L2.10']],
  ['the test of artifacts', drop('artifacts'), ['L2.11']],
  ['the test of integration', drop('integration'), ['L2.12']],
  [
    'the time of an answer',
    ({ training }) => {
      training.infraBlessing.checks.shift();
    },
    ['L2.13'],
  ],
  [
    'the answers',
    (facts) => {
      facts.answered = 0;
    },
    ['L2.14'],
  ],
  [
    'the load test',
    ({ proofs }) => {
      proofs.pop();
    },
    ['L2.15'],
  ],
  [
    'the validation of data',
    ({ training }) => {
      training.steps.shift();
    },
    ['L2.16'],
  ],
  [
    'the thresholds',
    ({ training }) => {
      training.blessing.checks = [];
    },
    ['L2.17'],
  ],
  [
    'the test environment',
    ({ starts }) => {
      starts[4].stage = 'dev';
    },
    ['L2.18'],
  ],
  [
    'the review',
    ({ starts }) => {
      starts[2].approver = null;
    },
    ['L2.19'],
  ],
  [
    'one of two good runs before production',
    ({ starts }) => {
      starts[3].state = 'failed';
    },
    ['L2.20'],
  ],
];

const red = (facts: Facts) =>
  assessMaturity(facts)
    .filter(({ holds }) => !holds)
    .map(({ id }) => id);

describe('maturity', () => {
  it('has 46 checks, 26 of level 1 and 20 of level 2, in order', () => {
    const expected = [
      ...Array.from({ length: 26 }, (_, i) => `L1.${i + 1}`),
      ...Array.from({ length: 20 }, (_, i) => `L2.${i + 1}`),
    ];
    expect(maturityChecks.map(({ id }) => id)).toEqual(expected);
  });

  it('finds nothing in an empty store, and says for each how to close the gap', () => {
    const nothing = {
      runs: [],
      training: null,
      resumed: null,
      versions: [],
      endpointEvents: [],
      answered: 0,
      monitors: [],
      results: [],
      triggers: [],
      firings: [],
      promotions: [],
      releases: [],
      starts: [],
      proofs: [],
    };
    for (const { holds, evidence, gap } of assessMaturity(nothing)) {
      expect([holds, evidence]).toEqual([false, null]);
      expect(gap).not.toBe('');
    }
  });

  it('finds all where all was done, with evidence and no gap', () => {
    const answers = assessMaturity(everything());
    expect(answers.filter(({ holds }) => !holds)).toEqual([]);
    expect(answers.every(({ evidence, gap }) => evidence && gap === null)).toBe(true);
  });

  it.each(deletions)('turns red without %s', (_what, take, expected) => {
    const facts = structuredClone(everything());
    take(facts);
    expect(red(facts)).toEqual(expected);
  });

  it('turns every check red by one deletion or another', () => {
    expect(new Set(deletions.flatMap(([, , ids]) => ids)).size).toBe(46);
  });

  it('counts a trigger that somebody asked for its run as a run on demand', () => {
    const facts = everything();
    facts.runs = [{ ...facts.runs[1]!, id: 'run-3', trigger: 'trigger drift' }];
    expect(red(facts)).toContain('L1.22');
    facts.firings.push({ ...facts.firings[0]!, occasion: 'demand:1', run: { ...facts.firings[0]!.run!, id: 'run-3' } });
    expect(red(facts)).not.toContain('L1.22');
  });

  it('does not take what failed for evidence', () => {
    const facts = everything();
    for (const proof of facts.proofs) {
      (proof as { passed: boolean }).passed = false;
      for (const each of proof.checks) each.passed = false;
    }
    expect(red(facts)).toEqual(['L1.4', 'L2.2', 'L2.7', 'L2.8', 'L2.9', 'L2.10', 'L2.11', 'L2.12', 'L2.15']);
  });
});
