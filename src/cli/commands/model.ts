import { type Command, InvalidArgumentError } from 'commander';
import { modelAt, showModel, validate } from '../../actions/endpoints/model.ts';
import type { ApiModelVersion } from '../../contracts/api/models.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { changing } from '../changes/changes.ts';
import { action, exitCodes } from '../cli.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { safeText } from '../output/safe-text.ts';

export function registerModel(program: Command): void {
  const model = program.command('model').description('one model: show, promote, rollback, at, validate');
  registerShow(model);
  registerPromote(model);
  registerRollback(model);
  registerAt(model);
  registerValidate(model);
}

function registerShow(model: Command): void {
  const command = model.command('show <model>').description('a version (name, name@3, name@champion) with its history');
  action(command, async ({ config, output }, reference: string) => {
    const details = await showModel(config, reference);
    output.json(details);
    const { version, signature, versions, timeline, deployments } = details;
    output.line(
      `${output.style('bold', `${version.name}@${version.version}`)}  ${signature.labels.length} labels, backbone ${signature.backbone.name}`,
    );
    output.line(`labels: ${safeText(signature.labels.join(', '))}`);
    output.line(`model card: ${safeText(details.card)}\n`);
    output.table(
      ['VERSION', 'ALIASES', 'BLESSED', 'METRICS', 'MADE', 'RUN'],
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
      ['WHEN', 'ALIAS', 'VERSION', 'WHO', 'WHY'],
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
  return ['auc', 'accuracy', 'ece']
    .filter((name) => metrics[name] !== undefined)
    .map((name) => `${name} ${metrics[name].toFixed(4)}`)
    .join(' ');
}

function registerPromote(model: Command): void {
  const command = model
    .command('promote <model>')
    .description('make a version the champion (default: the challenger) and give it the traffic')
    .option('--why <text>', 'the reason, for the timeline', 'promoted by hand')
    .option('--force', 'even though it was not blessed');
  action(command, async ({ config, output }, reference: string, flags: { why: string; force?: boolean }) => {
    const why = flags.force ? `${flags.why} (forced)` : flags.why;
    const [name, version] = splitReference(reference);
    const body = { ...(version !== undefined && { version }), force: flags.force ?? false, why };
    printChampion(output, await changing(config, ({ models }) => models.promote(name, body)));
  });
}

function registerRollback(model: Command): void {
  const command = model
    .command('rollback <name>')
    .description('make the champion before this one the champion again')
    .option('--why <text>', 'the reason, for the timeline', 'rolled back by hand');
  action(command, async ({ config, output }, name: string, flags: { why: string }) => {
    printChampion(output, await changing(config, ({ models }) => models.rollback(name, { why: flags.why })));
  });
}

function registerAt(model: Command): void {
  const command = model
    .command('at')
    .description('which version an alias pointed to at that time')
    .argument('<name>', 'of the model')
    .argument('<date>', '2026-11-23 (the end of that day, UTC) or 2026-11-23T10:00:00Z', parseDate)
    .option('--alias <alias>', 'the alias', 'champion');
  action(command, async ({ config, output }, name: string, date: Date, flags: { alias: string }) => {
    const version = await modelAt(config, name, flags.alias, date);
    output.json(version);
    output.line(`${version.name}@${version.version}`);
  });
}

function registerValidate(model: Command): void {
  const command = model
    .command('validate <model>')
    .description('boot a model (name, name@3, or its folder) in a fresh process, and tell whether it may serve');
  action(command, async ({ config, output, signal }, reference: string) => {
    const blessing = await validate(config, reference, signal);
    output.json(blessing);
    output.table(
      ['CHECK', '#NUMBER', '#THRESHOLD', '', 'SAID'],
      blessing.checks.map(({ name, value, threshold, passed, code, message }) => [
        name,
        value,
        threshold,
        passed ? 'passed' : (code ?? 'failed'),
        message ?? '',
      ]),
    );
    output.line(blessing.blessed ? output.style('green', 'It may serve.') : output.style('red', 'It may not serve.'));
    return blessing.blessed ? exitCodes.success : exitCodes.failed;
  });
}

/** `leaf@3` -> `leaf`, `3`. */
function splitReference(reference: string): [name: string, version?: string] {
  const at = reference.lastIndexOf('@');
  return at < 1 ? [reference] : [reference.slice(0, at), reference.slice(at + 1)];
}

function printChampion(output: Output, version: ApiModelVersion): void {
  output.json(version);
  output.line(`${output.style('bold', `${version.name}@${version.version}`)} is the champion.`);
}

function parseDate(text: string): Date {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Write 2026-11-23 or 2026-11-23T10:00:00Z.');
  return date;
}
