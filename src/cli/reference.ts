import type { Argument, Command, Option } from 'commander';
import { createProgram } from './program.ts';

/** docs/reference/cli.md, from the program itself. */
export async function cliReference(): Promise<string> {
  const program = await createProgram();
  return `# Commands
\`mitate <command>\`, with \`npx\` in a project. Every command takes \`--help\` and the general options. Written from the program by \`npm run docs\`.

Exit codes: 0 finished (blessed or not, and said), 1 failed, 2 usage, 3 not blessed under \`--require-blessing\`, 130 cancelled.
Results go to stdout, progress and errors to stderr; \`--json\` prints results as JSON, one value a line, and errors as one JSON object.
Ctrl-C once stops after the work under way, twice at once.

## General options
${options(program.options)}

${leaves(program)
  .map((command) => section(command))
  .join('\n')}`;
}

function leaves(command: Command): Command[] {
  const shown = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  return shown.flatMap((child) => (child.commands.length ? leaves(child) : [child]));
}

function section(command: Command): string {
  const names: string[] = [];
  for (let each: Command | null = command; each; each = each.parent) names.unshift(each.name());
  const shown = command.registeredArguments.map((argument) => ` ${bracketed(argument)}`).join('');
  return `## ${names.join(' ')}${shown}\n${sentence(command.description())}\n${command.options.length ? `\n${options(command.options)}\n` : ''}`;
}

function bracketed(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function options(list: readonly Option[]): string {
  return list
    .map(({ flags, description, defaultValue, defaultValueDescription }) => {
      return `- \`${flags}\`: ${description}${defaultText(defaultValueDescription ?? defaultValue)}`;
    })
    .join('\n');
}

function defaultText(value: unknown): string {
  return value === undefined || typeof value === 'object' || typeof value === 'boolean' ? '' : ` (default: ${value})`;
}

const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;
