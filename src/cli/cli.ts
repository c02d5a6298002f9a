import type { Command } from 'commander';
import { type Config, processConfig } from '../config/index.ts';
import type { Actor } from '../contracts/actor.ts';
import { isMitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';
import { actor } from './actor.ts';
import { type Cancellation, cancellation } from './cancellation.ts';
import { Output } from './output/output.ts';
import { giveToUser } from './user-files.ts';

/** Exit codes, as docs/reference/cli.md lists them. */
export const exitCodes = { success: 0, failed: 1, usage: 2, notBlessed: 3, cancelled: 130 } as const;

/** What a command gets. */
export interface Cli {
  config: Config;
  output: Output;
  signal: AbortSignal;
  /** Works with the workspace's store, also while another process holds it. */
  inStore: <T>(work: (store: OpenStore) => Promise<T>) => Promise<T>;
  /** Who runs the command, and when. */
  by: { actor: Actor; now: Date };
  /** A file or folder that the command wrote for the user, outside the workspace; `--output` is one anyway. */
  give: (path: string) => Promise<void>;
  /** Lets the command wind down for `ms` after a signal; default 2 s. */
  allowStop: Cancellation['allow'];
}

interface GlobalFlags {
  workspace?: string;
  project?: string;
  processes?: string;
  color?: boolean;
  json?: boolean;
  verbose?: boolean;
  /** Of some commands. */
  output?: unknown;
}

/** Registers what a command does: resolves the config, prints errors, sets the exit code that `work` returns (default 0). */
export function action<A extends unknown[]>(command: Command, work: (cli: Cli, ...args: A) => Promise<unknown>): void {
  command.action(async (...all: unknown[]) => {
    const args = all.slice(0, -1) as A;
    const flags = command.optsWithGlobals<GlobalFlags>();
    let output = new Output({ json: flags.json ?? false, color: false, verbose: flags.verbose ?? false });
    try {
      const config = processConfig(flags);
      output = new Output({ ...output.options, color: config.terminal.color });
      using stopping = cancellation({
        first: () => output.note('Stopping once the work in progress is done; press Ctrl-C again to stop at once.'),
        abandoned: () => output.note('Stopped; work in progress was abandoned.'),
      });
      const { signal, allow: allowStop } = stopping;
      const inStore: Cli['inStore'] = async (use) => {
        // every command loads this file, the help too: the store takes half a second
        const { withStore } = await import('../actions/with-store.ts');
        return await withStore(config, { attach: true }, use);
      };
      const by = { actor: actor(), now: new Date() };
      const give = (path: string) => giveToUser(path, by.now.getTime());
      const code = await work({ config, output, signal, inStore, by, give, allowStop }, ...args);
      if (typeof flags.output === 'string') await give(flags.output);
      process.exitCode = typeof code === 'number' ? code : exitCodes.success;
    } catch (error) {
      output.error(error);
      process.exitCode = codeOf(error);
    }
  });
}

const usageErrors = ['CONFIG_INVALID', 'PARAMETER_INVALID', 'PIPELINE_PARAMETERS_INVALID'] as const;

function codeOf(error: unknown): number {
  if (isMitateError(error, 'CANCELLED')) return exitCodes.cancelled;
  if (usageErrors.some((code) => isMitateError(error, code))) return exitCodes.usage;
  return exitCodes.failed;
}
