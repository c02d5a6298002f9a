import type { Command } from 'commander';
import { exitCodes } from './cli.ts';
import { createProgram } from './program.ts';

const program = await createProgram(process.argv.slice(2));
forEachCommand(program, (command) => {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.success : exitCodes.usage));
});
// A closed pipe (| head) ends the program.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}
