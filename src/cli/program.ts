import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Help } from 'commander';
import { packageRoot } from '../config/package-root.ts';
import { MitateError } from '../errors/index.ts';
import { exitCodes } from './cli.ts';
import { commands } from './commands/index.ts';

/** What the help of the program shows of its commands; `npm run prepare` writes it beside the build. */
const overview = new URL('./commands/overview.json', import.meta.url);

/**
 * The command line, not yet parsed.
 * @param args of the command line: only commands named in them are loaded, and none for the help of the program. Default: all are loaded
 */
export async function createProgram(args?: readonly string[]): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const program = new Command('mitate')
    .description('Image diagnosis with the whole MLOps loop.')
    .version(version)
    .option('--workspace <dir>', 'workspace folder (default: .mitate, or MITATE_WORKSPACE)')
    .option('--project <name>', 'project to use (default: "default", or MITATE_PROJECT)')
    .option('--processes <n>', 'inference processes (default: one per core, or MITATE_PROCESSES)')
    .option('--json', 'print JSON Lines')
    .option('--no-color', 'disable colors (also: NO_COLOR)')
    .option('--verbose', 'show stack traces of errors')
    // without "[options]", which most of them have
    .configureHelp({ showGlobalOptions: true, subcommandTerm: usageOf })
    .addHelpText(
      'after',
      `
Exit codes: 0 success, whether or not blessed; 1 failure; 2 usage error; 3 not blessed under --require-blessing; 130 cancelled.
To get started: mitate init my-project`,
    );
  const named = Object.keys(commands).filter((name) => args?.includes(name));
  if (args?.includes('--json')) refuseAsJson(program, named[0] ?? '');
  else program.showHelpAfterError('(run with --help for usage)');
  if (args && named.length === 0 && existsSync(overview)) {
    for (const { usage, description } of JSON.parse(readFileSync(overview, 'utf8')) as Shown[])
      program.command(usage).description(description);
    return program;
  }
  for (const [name, load] of Object.entries(commands))
    if (named.length === 0 || named.includes(name)) (await load())(program);
  return program;
}

interface Shown {
  usage: string;
  description: string;
}

const usageOf = (command: Command) => new Help().subcommandTerm(command).replace(' [options]', '');

export async function commandOverview(): Promise<Shown[]> {
  const program = await createProgram();
  const shown = program.createHelp().visibleCommands(program);
  return shown
    .filter((command) => command.name() !== 'help')
    .map((command) => ({ usage: usageOf(command), description: command.description() }));
}

/** Exits as docs/reference/cli.md says where commander would with 0 or 1: after help, and for a usage error. */
export function exitThrough(command: Command, exit: (code: number) => never): void {
  command.exitOverride((error) => exit(error.exitCode === 0 ? exitCodes.success : exitCodes.usage));
  for (const child of command.commands) exitThrough(child, exit);
}

/** Under --json a usage error is one JSON object on stderr as well; commander would print text. */
function refuseAsJson(program: Command, command: string): void {
  program.configureOutput({
    outputError: (text, write) => {
      const reason = text.replace(/^error: /, '').trim();
      const error = new MitateError('PARAMETER_INVALID', { where: 'command line', reason, command });
      write(`${JSON.stringify({ error: error.toJSON() })}\n`);
    },
  });
}
