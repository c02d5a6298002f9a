import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { promotionDisagreements } from '../../actions/promotions/disagreements.ts';
import { promotionGrid } from '../../actions/promotions/grid.ts';
import {
  abortPromotion,
  approvePromotion,
  listPromotions,
  refusePromotion,
  showPromotion,
  startPromotion,
} from '../../actions/promotions/promotion.ts';
import { permissions } from '../../contracts/access.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { action } from '../cli.ts';
import { withOutput } from '../options/output-option.ts';
import { type Why, whyOption } from '../options/why.ts';
import { printPromotion, printPromotions, toView } from '../output/promotion-view.ts';
import { writeOutput } from '../output/write-output.ts';

export function registerPromotion(program: Command): void {
  const promotion = program
    .command('promotion')
    .description('manage promotions of candidates to stable: start, list, show, grid, approve, refuse, abort');
  registerStart(promotion);
  registerList(promotion);
  registerShow(promotion);
  registerGrid(promotion);
  registerVerb(promotion, 'approve', 'approve the step a promotion waits for; a worker continues it', approvePromotion);
  registerVerb(
    promotion,
    'refuse',
    'refuse the step a promotion waits for; the promotion is rejected',
    refusePromotion,
  );
  registerVerb(promotion, 'abort', 'end a promotion now, and return its traffic to the stable version', abortPromotion);
}

function registerStart(promotion: Command): void {
  const command = promotion
    .command('start <endpoint> [model]')
    .description('start promoting a version (default: the canary, else the challenger); a worker takes the steps')
    .option('--policy <file>', 'JSON file with overrides of the default policy')
    .option('--force', 'allow an unblessed version')
    .addOption(whyOption());
  type Flags = Why & { policy?: string; force?: boolean };
  action(command, async ({ inStore, output, by }, endpoint: string, model: string | undefined, flags: Flags) => {
    const policy = flags.policy === undefined ? {} : await readPolicy(flags.policy);
    const wish = { endpoint, model, policy, force: flags.force };
    const started = await inStore((store) => startPromotion(store, wish, { ...by, why: flags.why }));
    printPromotions(output, [started]);
  });
}

function registerList(promotion: Command): void {
  const command = promotion
    .command('list')
    .description('list promotions of the project, newest first')
    .option('--endpoint <name>', 'only this endpoint')
    .option('--active', 'only promotions in progress');
  action(command, async ({ inStore, output }, flags: { endpoint?: string; active?: boolean }) => {
    const found = await inStore((store) => listPromotions(store, flags));
    printPromotions(output, found);
  });
}

function registerShow(promotion: Command): void {
  const command = promotion
    .command('show <id>')
    .description('show decisions, evidence and current state of a promotion; by id or endpoint');
  action(command, async ({ inStore, output }, id: string) => {
    const details = await inStore((store) => showPromotion(store, id));
    output.json({ ...toView(details.promotion), ...details, promotion: undefined });
    if (!output.options.json) printPromotion(output, details);
  });
}

function registerGrid(promotion: Command): void {
  const command = promotion.command('grid <id>').description('list photos on which candidate and champion disagree');
  withOutput(command, {
    description: 'draw the kept photos to this PNG file, a row per pair of predictions',
    old: 'to',
  });
  action(command, async ({ inStore, output }, id: string, { output: to }: { output?: string }) => {
    const { found, png } = await inStore(async (store) => ({
      found: await promotionDisagreements(store, id),
      png: to === undefined ? null : await promotionGrid(store, id),
    }));
    if (to !== undefined && png) await writeOutput(to, png);
    for (const each of found) output.json(each);
    if (found.length === 0) return output.line('No disagreements so far.');
    const rows = found.map(({ id, champion, candidate, isKept }) => [
      id,
      champion,
      candidate,
      isKept ? 'kept' : 'deleted',
    ]);
    output.table(['REQUEST', 'CHAMPION', 'CANDIDATE', 'PHOTO'], rows);
  });
}

type Verb = typeof approvePromotion;

function registerVerb(promotion: Command, name: string, description: string, run: Verb): void {
  const command = promotion.command(`${name} <id>`).description(description).addOption(whyOption());
  action(command, async ({ inStore, output, by }, id: string, { why }: Why) => {
    // access to the workspace grants all permissions
    const verb = { ...by, permissions: new Set(permissions), why };
    printPromotions(output, [await inStore((store) => run(store, id, verb))]);
  });
}

async function readPolicy(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = reasonOf(error);
    throw new MitateError('PROMOTION_POLICY_INVALID', { where: file, reason }, { cause: error });
  }
}
