import { expect, it } from 'vitest';
import { createProgram } from './program.ts';

it('"monitor create --help" lists the parameters of each kind, as errors promise', async () => {
  const program = await createProgram();
  const monitor = program.commands.find((each) => each.name() === 'monitor')!;
  const create = monitor.commands.find((each) => each.name() === 'create')!;
  const written: string[] = [];
  create.configureOutput({ writeOut: (text) => void written.push(text) });
  create.outputHelp();
  const help = written.join('');
  expect(help).toMatch(/latency +quantile=0.99 maxMs=1000\n/);
  expect(help).toMatch(/positive-rate +baseline=0.628 tolerance=0.3 above=0.5\n/);
});
