import type { Command } from 'commander';
import { shellWord } from '../../codecs/shell-word.ts';
import { makeDemo } from '../../demo/demo.ts';
import { action } from '../cli.ts';
import { plural } from '../output/plural.ts';
import { commandProgress } from '../output/progress-view.ts';
import { safeText } from '../output/safe-text.ts';

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'fill an empty workspace with a week of a small service: two model versions, requests that drift, labels, an alert, a promotion',
    );
  action(command, async ({ config, output, signal, by, allowStop }) => {
    allowStop(10_000);
    const progress = commandProgress(output, config.terminal, { name: 'making a week', unit: '%' });
    const onProgress = (share: number) => progress(Math.round(100 * share), 100);
    const made = await makeDemo(config, { actor: by.actor, signal, onProgress });
    output.json({ workspace: config.workspace, ...made });
    const { runs, versions, requests, labels, toReview, openAlerts, promotion, delivered, folder } = made;
    const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
    output.line(`A week of the endpoint "${made.endpoint}", on drawn leaves, ending now:`);
    for (const text of [
      `${plural(runs.succeeded, 'run')} of its pipeline, and ${runs.failed} that failed: ${plural(versions, 'model version')}`,
      `${plural(requests, 'request')} with photos; from the fourth day on, most come from a tablet in the evening`,
      `${plural(labels, 'label')}, some of which contradict; ${plural(toReview, 'photo')} to review`,
      `${plural(openAlerts, 'open alert')}; ${plural(delivered, 'message')} to the channel "greenhouse"`,
      ...(promotion ? [`a promotion of ${promotion.candidate}: ${promotion.state}`] : []),
    ])
      output.line(`  ${text}`);
    output.line(`Pipeline and photos: ${safeText(folder)}`);
    output.line('\nNext:');
    output.line(`  npx mitate up${workspace === undefined ? '' : ` --workspace ${safeText(shellWord(workspace))}`}`);
  });
}
