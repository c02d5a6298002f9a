import { expect, it } from 'vitest';
import { createProgram } from './program.ts';

const named = (program: Awaited<ReturnType<typeof createProgram>>, name: string) =>
  program.commands.find((command) => command.name() === name)!;

it('queue, the old name of review, takes the same commands and is not shown', async () => {
  const program = await createProgram(['queue', 'review']);
  const [queue, review] = [named(program, 'queue'), named(program, 'review')];
  expect(queue.commands.map((command) => command.name())).toEqual(review.commands.map((command) => command.name()));
  const shown = program.createHelp().visibleCommands(program);
  expect(shown).toContain(review);
  expect(shown).not.toContain(queue);
});

it('"data import --help" says how to convert HEIC, and which folders are splits', async () => {
  const program = await createProgram(['data', 'import']);
  const command = named(program, 'data').commands.find((each) => each.name() === 'import')!;
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => void written.push(text) });
  command.outputHelp();
  const help = written.join('');
  expect(help).toContain('photos/train/<label>/1.jpg');
  for (const way of ['Most Compatible', 'sips -s format jpeg', 'heif-convert']) expect(help).toContain(way);
});
