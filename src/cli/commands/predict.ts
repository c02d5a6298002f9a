import type { Command } from 'commander';
import { predict } from '../../actions/models/predict.ts';
import { predictRemote } from '../../actions/models/predict-remote.ts';
import type { UnlikePolicy } from '../../contracts/prediction.ts';
import { actor } from '../actor.ts';
import { action, type Cli, exitCodes } from '../cli.ts';
import { refuseAboveOption, unlikeOption } from '../options/endpoint-settings.ts';
import { percent } from '../output/percent.ts';
import { safeText } from '../output/safe-text.ts';

interface Flags {
  model?: string;
  endpoint?: string;
  unlike?: UnlikePolicy;
  refuseAbove?: number;
}

export function registerPredict(program: Command): void {
  const command = program
    .command('predict <files...>')
    .description('classify photos or folders of photos')
    .option('--model <model>', 'name, name@version, name@alias, or folder of a model (default: the only one)')
    .option(
      '--endpoint <url>',
      'use a server instead: the name of an endpoint of the server that runs on this workspace, or http://host:port/name (key in MITATE_API_KEY)',
    )
    .addOption(unlikeOption().conflicts('endpoint'))
    .addOption(refuseAboveOption().conflicts('endpoint'));
  action(command, async (cli, targets: string[], flags: Flags) => {
    let failed = 0;
    const advice = new Set<string>();
    for await (const row of rows(cli, targets, flags)) {
      failed += print(cli, row) ? 0 : 1;
      const notice = 'error' in row ? undefined : (row.refusal ?? row.warning);
      if (notice) advice.add(notice.advice);
    }
    if (!cli.output.options.json) for (const each of advice) cli.output.note(safeText(each));
    return failed ? exitCodes.failed : exitCodes.success;
  });
}

type Row = Parameters<typeof print>[1];

function rows({ config, signal }: Cli, targets: string[], flags: Flags): AsyncIterable<Row> {
  const { model, endpoint, unlike = 'refuse', refuseAbove = null } = flags;
  if (endpoint !== undefined) return predictRemote(config, { endpoint, files: targets, actor: actor(), signal });
  return predict(config, { targets, signal, unlike: { unlike, refuseAbove }, ...(model !== undefined && { model }) });
}

/** @returns false for an error row */
function print(
  { output }: Cli,
  row: { file: string } & (
    | Parameters<typeof percent>[0]
    | { error: { code: string; message: string; remedy: string } }
  ),
): boolean {
  output.json(row);
  if (!('error' in row)) {
    output.line(`${percent(row).padEnd(28)}   ${safeText(row.file)}`);
    return true;
  }
  if (!output.options.json) {
    output.note(`${safeText(row.file)}:`);
    output.problem(row.error);
  }
  return false;
}
