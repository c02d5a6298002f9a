import type { Command } from 'commander';
import { loadTest } from '../../actions/endpoints/load-test.ts';
import { recordProof } from '../../actions/releases/proof.ts';
import { action } from '../cli.ts';
import { withOldName } from '../options/old-name.ts';
import { durationOption, parseDuration } from '../options/parse-duration.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { printProof } from '../output/proof-view.ts';

interface Flags {
  for: number;
  clients: number;
  maxP99: number;
  photo?: string;
}

export function registerLoadTest(program: Command): void {
  const command = program
    .command('load-test <endpoint>')
    .description(
      'load-test an endpoint of the server that runs on this workspace, and record the result; the requests are logged',
    )
    .addOption(durationOption('--for <duration>', 'duration of the test', '10s'))
    .option('--clients <n>', 'concurrent requests', wholeNumber, 8)
    .addOption(durationOption('--max-p99 <duration>', 'maximum latency at the 99th percentile', '1s'))
    .option('--photo <file>', 'photo to send (default: a drawn leaf)');
  withOldName(command, '--time <duration>', { now: 'for', parse: parseDuration });
  action(command, async ({ config, output, signal, by }, endpoint: string, flags: Flags) => {
    const { for: durationMs, clients, maxP99: maxP99Ms, photo } = flags;
    const proof = await loadTest(config, {
      endpoint,
      seconds: durationMs / 1_000,
      clients: Math.max(1, clients),
      maxP99Ms,
      photo,
      actor: by.actor,
      signal,
    });
    return printProof(output, await recordProof(config, proof));
  });
}
