import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../config/package-root.ts';
import { exitCodes } from './cli.ts';
import { commands } from './commands/index.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };

const program = new Command('mitate')
  .description('Image diagnosis with the whole MLOps loop.')
  .version(version)
  .option('--workspace <dir>', 'workspace folder (default: .mitate, or MITATE_WORKSPACE)')
  .option('--processes <n>', 'inference processes (default: one per core, or MITATE_PROCESSES)')
  .option('--json', 'print JSON, one value a line')
  .option('--no-color', 'no colour (also NO_COLOR)')
  .option('--verbose', 'show where an error came from')
  .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
  .showHelpAfterError('("--help" shows what is taken)')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? exitCodes.finished : exitCodes.usage);
  })
  .addHelpText(
    'after',
    `
Exit codes: 0 finished (blessed or not, and said), 1 failed, 2 usage, 3 not blessed under --require-blessing, 130 cancelled.
First steps: mitate init my-project`,
  );

for (const register of commands) register(program);
// A reader that stops reading (| head) ends the program, as it should.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();
