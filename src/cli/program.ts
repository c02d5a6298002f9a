import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../config/package-root.ts';
import { MitateError } from '../errors/index.ts';
import { commands } from './commands/index.ts';

/**
 * The command line, not yet parsed.
 * @param words of the command line: commands that are not among them are left out; none among them, or no words = all commands
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const program = new Command('mitate')
    .description('Image diagnosis with the whole MLOps loop.')
    .version(version)
    .option('--workspace <dir>', 'workspace folder (default: .mitate, or MITATE_WORKSPACE)')
    .option('--project <name>', 'project whose rows are meant (default: "default", or MITATE_PROJECT)')
    .option('--processes <n>', 'inference processes (default: one per core, or MITATE_PROCESSES)')
    .option('--json', 'print JSON, one value a line')
    .option('--no-color', 'no colour (also NO_COLOR)')
    .option('--verbose', 'show where an error came from')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Exit codes: 0 finished (blessed or not, and said), 1 failed, 2 usage, 3 not blessed under --require-blessing, 130 cancelled.
First steps: mitate init my-project`,
    );
  const named = Object.keys(commands).filter((name) => words.includes(name));
  if (words.includes('--json')) refuseAsJson(program, named[0] ?? '');
  else program.showHelpAfterError('("--help" shows what is taken)');
  for (const name of named.length ? named : Object.keys(commands)) (await commands[name]())(program);
  return program;
}

/** What is mistyped is one JSON object on stderr too: commander would write words. */
function refuseAsJson(program: Command, command: string): void {
  program.configureOutput({
    outputError: (text, write) => {
      const reason = text.replace(/^error: /, '').trim();
      const error = new MitateError('PARAMETER_INVALID', { where: 'command line', reason, command });
      write(`${JSON.stringify({ error: error.toJSON() })}\n`);
    },
  });
}
