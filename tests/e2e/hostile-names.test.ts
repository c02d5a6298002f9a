import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { Sandbox } from './cli.ts';

/** Labels and file names that would be code to a browser, a spreadsheet or a terminal. */
const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const script = '<img src=x onerror=alert(1)>';
const formula = '=HYPERLINK("http:evil","healthy")';
const takeOver = '\u001b]0;owned\u0007\u001b[2J';
let run: RunSummary;

beforeAll(async () => {
  await sandbox.json('data', 'sample', 'leaves', '--photos', '120', '--size', '96');
  const leaves = sandbox.at('leaves');
  const labels = readdirSync(leaves).sort();
  renameSync(join(leaves, labels[0]!), join(leaves, script));
  renameSync(join(leaves, labels.find((label) => label.endsWith('healthy'))!), join(leaves, formula));
  for (const label of readdirSync(leaves))
    for (const name of readdirSync(join(leaves, label)))
      renameSync(join(leaves, label, name), join(leaves, label, `${takeOver}${script}${name}`));
  await sandbox.json('init', 'project');
  const pipeline = readFileSync(sandbox.at('project/pipeline.ts'), 'utf8')
    .replace("default('flipped')", "default('plain')")
    .replace('minLower: 0.9, change: -0.005', 'min: 0')
    .replace('import {', 'import { bulkInferrer,')
    .replace('const { infraBlessing }', "bulkInferrer({ model, examples, splits: ['test'], format: 'csv' });\n    $&");
  writeFileSync(sandbox.at('pipeline.ts'), pipeline);
  run = (await sandbox.json<RunSummary>('run', 'pipeline.ts', '--param', 'images=leaves'))[0]!;
}, 300_000);

const uriOf = (key: string) =>
  run.steps.map(({ artifacts }) => artifacts[key]?.uri).find((uri): uri is string => uri !== undefined)!;

it('are text in the HTML report', () => {
  expect(run.state).toBe('succeeded');
  const report = readFileSync(join(uriOf('evaluation'), 'report.html'), 'utf8');
  expect(report).not.toContain('<img src=x');
  expect(report).toContain('&#60;img src=x onerror=alert(1)&#62;');
});

it('are text in CSV', () => {
  const csv = readFileSync(join(uriOf('inferenceResult'), 'predictions.csv'), 'utf8');
  expect(csv).toContain('HYPERLINK');
  for (const cell of csv.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@]/);
});

it('are visible escapes on a terminal, and plain data in JSON', async () => {
  const said = [
    await sandbox.mitate('predict', 'leaves'),
    await sandbox.mitate('data', 'stats'),
    await sandbox.mitate('model', 'show', 'leaf-health'),
    await sandbox.mitate('predict', `${takeOver}.jpg`),
  ];
  for (const { stdout, stderr } of said)
    for (const control of ['\u001b', '\u0007']) expect(stdout + stderr).not.toContain(control);
  expect(said[0]!.stdout).toContain('\\u001b]0;owned\\u0007');
  expect(said[1]!.stdout).toContain(script);
  const [row] = await sandbox.json<{ file: string }>('predict', 'leaves');
  expect(row!.file).toContain(takeOver);
});
