import { expect, it } from 'vitest';
import { createProgram } from './program.ts';

it('"monitor create --help" says what each kind takes, as errors promise', async () => {
  const program = await createProgram();
  const monitor = program.commands.find((each) => each.name() === 'monitor')!;
  const create = monitor.commands.find((each) => each.name() === 'create')!;
  const written: string[] = [];
  create.configureOutput({ writeOut: (text) => void written.push(text) });
  create.outputHelp();
  const said = written.join('');
  expect(said).toMatch(/latency +\{"quantile":0.99,"maxMs":1000\}/);
  expect(said).toMatch(/positive-rate +\{"baseline":0.628,"tolerance":0.3,"above":0.5\}/);
});
