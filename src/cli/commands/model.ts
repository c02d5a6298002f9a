import type { Command } from 'commander';
import { modelAt, showModel, validate } from '../../actions/endpoints/model.ts';
import { withStore } from '../../actions/with-store.ts';
import type { ApiModelVersion } from '../../contracts/api/models.ts';
import { precisionText } from '../../contracts/artifacts/precision.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { changing } from '../changes/changes.ts';
import { action, type Cli, exitCodes } from '../cli.ts';
import { parseEnd } from '../options/parse-instant.ts';
import { moment } from '../output/moment.ts';
import { safeText } from '../output/safe-text.ts';

export function registerModel(program: Command): void {
  const model = program.command('model').description('manage one model: show, promote, rollback, at, validate');
  registerShow(model);
  registerPromote(model);
  registerRollback(model);
  registerAt(model);
  registerValidate(model);
}

function registerShow(model: Command): void {
  const command = model
    .command('show <model>')
    .description('show a version (name, name@3, name@champion) and the history of its model');
  action(command, async ({ inStore, output }, reference: string) => {
    const details = await inStore((store) => showModel(store, reference));
    output.json(details);
    const { version, signature, versions, timeline, deployments } = details;
    output.line(
      `${output.style('bold', `${version.name}@${version.version}`)}  ${signature.labels.length} labels, backbone ${signature.backbone.name}`,
    );
    if (signature.precision) output.line(`precision: ${safeText(precisionText(signature.precision))}`);
    output.line(`labels: ${safeText(signature.labels.join(', '))}`);
    output.line(`model card: ${safeText(details.card)}\n`);
    output.table(
      ['VERSION', 'ALIASES', 'BLESSED', 'METRICS', 'CREATED', 'RUN'],
      versions.map((each) => [
        each.version,
        each.aliases.join(' '),
        each.blessed ? 'yes' : 'no',
        metricsText(each),
        moment(each.createdAt),
        each.runId,
      ]),
    );
    output.line();
    output.table(
      ['TIME', 'ALIAS', 'VERSION', 'ACTOR', 'REASON'],
      timeline.map(({ at, alias, version, who, why }) => [moment(at), alias, version, who, why]),
    );
    if (deployments.length === 0) return;
    output.line();
    output.table(
      ['ENDPOINT', 'VERSION', 'ROLE', '#TRAFFIC'],
      deployments.map(({ endpoint, version, role, traffic }) => [endpoint, version, role, `${traffic} %`]),
    );
  });
}

function metricsText({ metrics }: ModelVersion): string {
  const shown = ['auc', 'accuracy', 'ece'].flatMap((name) => {
    const value = metrics[name];
    return value === undefined ? [] : [`${name} ${value.toFixed(4)}`];
  });
  return shown.join(' ');
}

function registerPromote(model: Command): void {
  const command = model
    .command('promote <model>')
    .description('make a version (default: the challenger) the champion, and route traffic to it')
    .option('--why <text>', 'reason recorded in the timeline', 'promoted by hand')
    .option('--force', 'allow an unblessed version');
  action(command, async ({ config, output }, reference: string, flags: { why: string; force?: boolean }) => {
    const why = flags.force ? `${flags.why} (forced)` : flags.why;
    const [name, version] = splitReference(reference);
    const body = { ...(version !== undefined && { version }), force: flags.force ?? false, why };
    await printChampion({ config, output }, await changing(config, ({ models }) => models.promote(name, body)));
  });
}

function registerRollback(model: Command): void {
  const command = model
    .command('rollback <name>')
    .description('restore the previous champion')
    .option('--why <text>', 'reason recorded in the timeline', 'rolled back by hand');
  action(command, async ({ config, output }, name: string, flags: { why: string }) => {
    const champion = await changing(config, ({ models }) => models.rollback(name, { why: flags.why }));
    await printChampion({ config, output }, champion);
  });
}

function registerAt(model: Command): void {
  const command = model
    .command('at')
    .description('show which version an alias pointed to at a time')
    .argument('<name>', 'name of the model')
    .argument('<date>', '2026-11-23 (the end of that day, UTC) or 2026-11-23T10:00:00Z', parseEnd)
    .option('--alias <alias>', 'alias to look up', 'champion');
  action(command, async ({ inStore, output }, name: string, date: Date, flags: { alias: string }) => {
    const version = await inStore((store) => modelAt(store, name, flags.alias, date));
    output.json(version);
    output.line(`${version.name}@${version.version}`);
  });
}

function registerValidate(model: Command): void {
  const command = model
    .command('validate <model>')
    .description('check that a model (name, name@3, or folder) can serve, by booting it in a fresh process');
  action(command, async ({ config, output, signal }, reference: string) => {
    const blessing = await validate(config, reference, signal);
    output.json(blessing);
    output.table(
      ['CHECK', '#VALUE', '#THRESHOLD', 'STATUS', 'MESSAGE'],
      blessing.checks.map(({ name, value, threshold, passed, code, message }) => [
        name,
        value,
        threshold,
        passed ? 'passed' : (code ?? 'failed'),
        message ?? '',
      ]),
    );
    output.line(
      blessing.blessed ? output.style('green', 'Ready to serve.') : output.style('red', 'Not ready to serve.'),
    );
    return blessing.blessed ? exitCodes.success : exitCodes.failed;
  });
}

/** `leaf@3` -> `leaf`, `3`. */
function splitReference(reference: string): [name: string, version?: string] {
  const at = reference.lastIndexOf('@');
  return at < 1 ? [reference] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** Names the endpoints too: their stable traffic follows the champion. */
async function printChampion({ config, output }: Pick<Cli, 'config' | 'output'>, champion: ApiModelVersion) {
  output.json(champion);
  const { name, version } = champion;
  output.line(`${output.style('bold', `${name}@${version}`)} is now the champion.`);
  if (output.options.json) return;
  const { deployments } = await withStore(config, { attach: true }, (store) => showModel(store, `${name}@${version}`));
  const follow = deployments.filter((each) => each.version === version && each.role === 'stable');
  for (const { endpoint, traffic } of follow)
    output.line(`The endpoint ${endpoint} serves it: ${traffic} % of the traffic.`);
  if (follow.length === 0) output.line('No endpoint serves it.');
}
