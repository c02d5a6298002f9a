import type { Command } from 'commander';
import { dryRunTrigger } from '../../actions/triggers/dry-run.ts';
import {
  createTrigger,
  listTriggers,
  removeTrigger,
  showTrigger,
  switchTrigger,
} from '../../actions/triggers/trigger.ts';
import { withStore } from '../../actions/with-store.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { durationOption } from '../options/parse-duration.ts';
import { positive } from '../options/positive.ts';
import { type CreateFlags, triggerInput, withCreateFlags } from '../options/trigger-flags.ts';
import { printDryRun, printTrigger, printTriggers, shown, shownDetails } from '../output/trigger-view.ts';
import { registerNotify, registerRun } from './trigger-calls.ts';

export function registerTrigger(program: Command): void {
  const trigger = program
    .command('trigger')
    .description('what starts runs by itself: create, list, show, run, notify, dry-run, enable, disable, remove');
  registerCreate(trigger);
  registerList(trigger);
  registerShow(trigger);
  registerRun(trigger);
  registerNotify(trigger);
  registerDryRun(trigger);
  registerSwitch(trigger, 'enable', true);
  registerSwitch(trigger, 'disable', false);
  registerRemove(trigger);
}

function registerCreate(trigger: Command): void {
  const command = withCreateFlags(trigger.command('create <name>').description('make a trigger'));
  action(command, async ({ config, output }, name: string, flags: CreateFlags) => {
    const input = triggerInput(name, flags);
    const change = { actor: actor(), now: new Date(), pipelines: config.pipelines, cwd: process.cwd() };
    const made = await withStore(config, { attach: true }, (store) => createTrigger(store, input, change));
    output.json(shown(made));
    output.line(`${name} is made. It is looked at each minute while "mitate worker" or "mitate up" runs.`);
  });
}

function registerList(trigger: Command): void {
  action(trigger.command('list').description('triggers, each with its newest firing'), async ({ config, output }) => {
    const triggers = await withStore(config, { attach: true }, (store) => listTriggers(store, new Date()));
    if (triggers.length === 0) output.note('No triggers yet. Make one with "mitate trigger create".');
    printTriggers(output, triggers);
  });
}

function registerShow(trigger: Command): void {
  const command = trigger
    .command('show <name>')
    .description('its definition, what it fired or was kept from, and what became of the runs')
    .option('--last <count>', 'how many firings', positive, 20);
  action(command, async ({ config, output }, name: string, { last }: { last: number }) => {
    const options = { now: new Date(), last };
    const details = await withStore(config, { attach: true }, (store) => showTrigger(store, name, options));
    output.json(shownDetails(details));
    printTrigger(output, details);
  });
}

function registerDryRun(trigger: Command): void {
  const command = trigger
    .command('dry-run <name>')
    .description('when it would have fired in the past, and why; nothing is started')
    .addOption(durationOption('--last <time>', 'how far back', '30d'));
  action(command, async ({ config, output }, name: string, { last }: { last: number }) => {
    const options = { now: new Date(), lastMs: last };
    const run = await withStore(config, { attach: true }, (store) => dryRunTrigger(store, name, options));
    output.json(run);
    printDryRun(output, run);
  });
}

function registerSwitch(trigger: Command, verb: 'enable' | 'disable', isEnabled: boolean): void {
  const description = isEnabled ? 'turn it on; what came and went meanwhile stays unanswered' : 'turn it off';
  action(trigger.command(`${verb} <name>`).description(description), async ({ config, output }, name: string) => {
    const changed = await withStore(config, { attach: true }, (store) =>
      switchTrigger(store, name, { isEnabled, actor: actor(), now: new Date() }),
    );
    output.json(shown(changed));
    output.line(`${name} is ${isEnabled ? 'on' : 'off'}.`);
  });
}

function registerRemove(trigger: Command): void {
  const command = trigger.command('remove <name>').description('remove it; what it fired stays on record');
  action(command, async ({ config, output }, name: string) => {
    await withStore(config, { attach: true }, (store) => removeTrigger(store, name, actor()));
    output.json({ removed: name });
    output.line(`${name} is removed.`);
  });
}
