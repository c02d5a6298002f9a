import type { Command } from 'commander';
import { dryRunTrigger } from '../../actions/triggers/dry-run.ts';
import {
  createTrigger,
  listTriggers,
  removeTrigger,
  showTrigger,
  switchTrigger,
} from '../../actions/triggers/trigger.ts';
import { action } from '../cli.ts';
import { withOldName } from '../options/old-name.ts';
import { durationOption } from '../options/parse-duration.ts';
import { positive } from '../options/parse-number.ts';
import { type CreateFlags, triggerInput, withCreateFlags } from '../options/trigger-flags.ts';
import { printDryRun, printTrigger, printTriggers, shown, shownDetails } from '../output/trigger-view.ts';
import { registerNotify, registerRun } from './trigger-calls.ts';

export function registerTrigger(program: Command): void {
  const trigger = program
    .command('trigger')
    .description('manage triggers that start runs: create, list, show, run, notify, dry-run, enable, disable, remove');
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
  const command = withCreateFlags(trigger.command('create <name>').description('create a trigger'));
  action(command, async ({ config, inStore, output, by }, name: string, flags: CreateFlags) => {
    const input = triggerInput(name, flags);
    const change = { ...by, config, cwd: process.cwd() };
    const made = await inStore((store) => createTrigger(store, input, change));
    output.json(shown(made));
    output.line(`Created trigger ${name}. It is checked every minute while "mitate worker" or "mitate up" runs.`);
  });
}

function registerList(trigger: Command): void {
  action(trigger.command('list').description('list triggers with their latest firing'), async ({ inStore, output }) => {
    const triggers = await inStore((store) => listTriggers(store, new Date()));
    printTriggers(output, triggers);
  });
}

function registerShow(trigger: Command): void {
  const command = trigger
    .command('show <name>')
    .description('show definition, firings and runs of a trigger')
    .option('--limit <n>', 'maximum number of firings', positive, 20);
  withOldName(command, '--last <n>', { now: 'limit', parse: positive });
  action(command, async ({ inStore, output }, name: string, { limit }: { limit: number }) => {
    const options = { now: new Date(), last: limit };
    const details = await inStore((store) => showTrigger(store, name, options));
    output.json(shownDetails(details));
    printTrigger(output, details);
  });
}

function registerDryRun(trigger: Command): void {
  const command = trigger
    .command('dry-run <name>')
    .description('show when a trigger would have fired, and why, without starting runs')
    .addOption(durationOption('--last <duration>', 'period to look at', '30d'));
  action(command, async ({ inStore, output }, name: string, { last }: { last: number }) => {
    const options = { now: new Date(), lastMs: last };
    const run = await inStore((store) => dryRunTrigger(store, name, options));
    output.json(run);
    printDryRun(output, run);
  });
}

function registerSwitch(trigger: Command, verb: 'enable' | 'disable', isEnabled: boolean): void {
  const description = isEnabled ? 'enable a trigger; events since it was disabled do not fire it' : 'disable a trigger';
  action(trigger.command(`${verb} <name>`).description(description), async ({ inStore, output, by }, name: string) => {
    const changed = await inStore((store) => switchTrigger(store, name, { isEnabled, ...by }));
    output.json(shown(changed));
    output.line(`Trigger ${name} is ${verb}d.`);
  });
}

function registerRemove(trigger: Command): void {
  const command = trigger.command('remove <name>').description('remove a trigger; its firings stay on record');
  action(command, async ({ inStore, output, by }, name: string) => {
    await inStore((store) => removeTrigger(store, name, by.actor));
    output.json({ removed: name });
    output.line(`Removed trigger ${name}.`);
  });
}
