import type { Command } from 'commander';
import { withStore } from '../../actions/with-store.ts';
import { action, exitCodes } from '../cli.ts';
import { loadTest } from '../load-test.ts';
import { durationOption } from '../options/parse-duration.ts';
import { wholeNumber } from './run.ts';

interface Flags {
  time: number;
  clients: number;
  maxP99: number;
  photo?: string;
}

export function registerLoadTest(program: Command): void {
  const command = program
    .command('load-test <endpoint>')
    .description(
      'ask an endpoint of the server of this workspace as fast as it answers, and remember how it did; its photos are logged as any are',
    )
    .addOption(durationOption('--time <time>', 'how long', '10s'))
    .option('--clients <n>', 'photos on their way at one time', wholeNumber, 8)
    .addOption(durationOption('--max-p99 <time>', 'slowest that one answer in a hundred may be', '1s'))
    .option('--photo <file>', 'what is sent (default: a drawn leaf)');
  action(command, async ({ config, output, signal }, endpoint: string, flags: Flags) => {
    const { time, clients, maxP99: maxP99Ms, photo } = flags;
    const proof = await loadTest(config, {
      endpoint,
      seconds: time / 1_000,
      clients: Math.max(1, clients),
      maxP99Ms,
      photo,
      signal,
    });
    const kept = await withStore(config, { attach: true }, ({ releases }) => releases.addProof(proof));
    output.json(kept);
    output.table(
      ['CHECK', 'HOLDS', 'WHAT IT SHOWED'],
      kept.checks.map(({ name, passed, said }) => [name, passed ? 'yes' : 'NO', said]),
    );
    return kept.passed ? exitCodes.success : exitCodes.failed;
  });
}
