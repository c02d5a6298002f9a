import { Command } from 'commander';
import stringWidth from 'string-width';
import { describe, expect, it, vi } from 'vitest';
import { runHere } from '../../tests/support/run-here.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { isMitateError } from '../errors/index.ts';
import { withOutput } from './options/output-option.ts';
import { printMonitors } from './output/monitor-view.ts';
import { Output } from './output/output.ts';
import { printPromotion } from './output/promotion-view.ts';
import { servingLines } from './output/run-outcome.ts';
import { runView } from './output/run-view.ts';
import { writeOutput } from './output/write-output.ts';
import { createProgram } from './program.ts';

describe('a mistyped command', () => {
  it('is reported as JSON under --json (it was plain text, which no program could parse)', async () => {
    const { code, stdout, stderr } = await runHere(['--json', 'monitor', 'lst']);
    expect([code, stdout]).toEqual([2, '']);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({
      code: 'PARAMETER_INVALID',
      remedy: expect.stringContaining('mitate monitor --help'),
    });
    expect(error.message).toContain("unknown command 'lst'");
  });

  it('is reported as text otherwise', async () => {
    const { code, stderr } = await runHere(['monitor', 'lst']);
    expect(code).toBe(2);
    expect(stderr).toContain('(Did you mean list?)');
    expect(stderr).toContain('run with --help for usage');
  });
});

it('help shows durations in units (--expires: 1209600000)', async () => {
  const program = await createProgram();
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  const inMillis = all.flatMap((command) =>
    command.options
      .filter(({ flags, defaultValue, defaultValueDescription }) => {
        return (
          flags.includes('<duration>') &&
          typeof defaultValue === 'number' &&
          !/^\d+[a-z]+$/.test(String(defaultValueDescription))
        );
      })
      .map(({ long }) => `${command.name()} ${long}`),
  );
  expect(inMillis).toEqual([]);
});

it.each([
  [[], 'report.html'],
  [['--output', 'a.html'], 'a.html'],
  // its name of 0.1
  [['--to', 'b.html'], 'b.html'],
])('an output file is named by --output: %s', (given, file) => {
  const command = new Command('report');
  withOutput(command, { description: 'file to write', old: 'to', fallback: 'report.html' });
  expect(command.parse(given, { from: 'user' }).opts().output).toBe(file);
  expect(command.helpInformation()).not.toContain('--to');
});

it('a file that cannot be written is not an internal error (report --to: INTERNAL)', async () => {
  using folder = new ScratchFolder();
  const refused = await writeOutput(`${folder.path}/none/report.html`, '').catch((error: unknown) => error);
  expect(isMitateError(refused, 'FILE_UNWRITABLE') && refused.message).toContain('no such file or folder');
});

it.each([0, 1, 5, undefined])('progress on a terminal of %s columns (0 columns: an endless loop)', (columns) => {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => !!written.push(String(text)));
  const before = process.stderr.columns;
  process.stderr.columns = columns as number;
  try {
    const show = runView(new Output({ json: false, color: false, verbose: false }), {
      interactive: true,
      explain: false,
    });
    show({ type: 'step-started', step: '葉の健康' } as never);
    expect(stringWidth(written.join('').trimEnd())).toBeLessThan(columns || 80);
  } finally {
    process.stderr.columns = before;
    vi.restoreAllMocks();
  }
});

it('the list of monitors says when each is judged next', () => {
  const lines: string[] = [];
  const output = new Output({ json: false, color: false, verbose: false });
  output.line = (text = '') => void lines.push(text);
  const createdAt = new Date('2026-11-01T00:00:00Z');
  const windows = { schedule: '0 6 * * *', window: { by: 'time', days: 1 }, createdAt, minSamples: 50 };
  const monitor = { name: 'leaf.drift', kind: 'label-drift', isEnabled: true, ...windows };
  const counted = { ...monitor, name: 'leaf.errors', window: { by: 'requests', count: 200 } };
  const fresh = { ...monitor, createdAt: new Date('2026-11-30T08:50:00Z') };
  const watched = [monitor, counted, { ...monitor, isEnabled: false }, fresh].map((each) => ({
    monitor: each,
    latest: null,
  }));
  printMonitors(output, watched as never, new Date('2026-11-30T09:00:00Z'));
  expect(lines[1]).toMatch(/leaf\.drift .*2026-12-01 06:00:00Z$/);
  expect(lines[2]).toMatch(/after 200 requests$/);
  expect(lines[3]).toMatch(/off$/);
  expect(lines[4]).toMatch(/2026-11-30 09:05:00Z if 50 requests have come$/);
});

it('a promotion that ended shows the checks that ended it (they were in an artifact alone)', () => {
  const lines: string[] = [];
  const output = new Output({ json: false, color: false, verbose: false });
  output.line = (text = '') => void lines.push(text);
  const decision = { at: '2026-11-24T00:00:00Z', who: 'worker', artifact: null };
  const said = 'candidate right on 62, champion on 58 of 80 labelled photos';
  const checks = [{ name: 'measured accuracy', verdict: 'pass', said, numbers: {} }];
  const decisions = [
    { ...decision, state: 'replaying', why: 'pushed', evidence: null },
    { ...decision, state: 'rejected', why: 'disagreement', evidence: { checks } },
  ];
  const promotion = { id: 'p', endpoint: 'leaf', state: 'rejected', step: 0, stepSince: new Date(0), decisions };
  printPromotion(output, { promotion, approvals: [], now: null } as never);
  expect(lines.join('\n')).toContain('rejected on these checks:');
  expect(lines.join('\n')).toContain(said);
});

it('a later version is registered, but the endpoint still serves the earlier one (it was "pushed to the endpoint")', () => {
  const pushed = { step: 'pusher', modelName: 'leaf', version: 2, endpoint: 'phone', promotion: null };
  const stable = { modelName: 'leaf', version: 1, role: 'stable', traffic: 90 } as const;
  const canary = { modelName: 'leaf', version: 3, role: 'canary', traffic: 10 } as const;
  const { modelName, version } = pushed;
  expect(servingLines({ ...pushed, deployments: [stable, canary] })).toBe(
    'The endpoint phone still serves leaf@1 (90 %), leaf@3 (10 %).\nTo serve leaf@2: mitate endpoint promote phone leaf@2',
  );
  expect(servingLines({ ...pushed, promotion: 'a1', deployments: [stable] })).toContain('mitate promotion show a1');
  expect(servingLines({ ...pushed, deployments: [{ ...stable, modelName, version }] })).toContain('phone serves it.');
  expect(servingLines({ ...pushed, deployments: [] })).toContain('mitate endpoint deploy phone leaf@2');
});
