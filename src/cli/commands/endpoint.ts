import { type Command, InvalidArgumentError, Option } from 'commander';
import { showEndpoint } from '../../actions/endpoints/endpoint.ts';
import { withStore } from '../../actions/with-store.ts';
import { type DeploymentRole, deploymentRoleSchema, endpointSchema } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import { changing } from '../changes/changes.ts';
import { action } from '../cli.ts';
import { resetOption, type SettingFlags, settingsOf, withSettingFlags } from '../options/endpoint-settings.ts';
import { printEndpoint, printEndpoints, printTimeline } from '../output/endpoint-view.ts';

export function registerEndpoint(program: Command): void {
  const endpoint = program
    .command('endpoint')
    .description('endpoints: list, show, create, set, deploy, undeploy, traffic, promote, rollback, remove');
  registerList(endpoint);
  registerShow(endpoint);
  registerCreate(endpoint);
  registerSet(endpoint);
  registerDeploy(endpoint);
  registerUndeploy(endpoint);
  registerTraffic(endpoint);
  registerPromote(endpoint);
  registerRollback(endpoint);
  registerRemove(endpoint);
}

function registerList(endpoint: Command): void {
  action(endpoint.command('list').description('endpoints of the project'), async ({ config, output }) => {
    const endpoints = await withStore(config, { attach: true }, (store) => store.endpoints.listEndpoints());
    printEndpoints(
      output,
      endpoints.map((each) => endpointSchema.parse(each)),
    );
  });
}

function registerShow(endpoint: Command): void {
  const command = endpoint.command('show <name>').description('its deployments, settings and timeline');
  action(command, async ({ config, output }, name: string) => {
    const details = await withStore(config, { attach: true }, (store) => showEndpoint(store, name));
    output.json(details);
    if (output.options.json) return;
    printEndpoint(output, endpointSchema.parse(details.endpoint));
    printTimeline(output, details.timeline);
  });
}

function registerCreate(endpoint: Command): void {
  const command = withSettingFlags(endpoint.command('create <name>'))
    .description('make an endpoint, which answers once a model is deployed to it')
    .option('--display-name <text>', 'for people')
    .addOption(why());
  action(command, async ({ config, output }, name: string, flags: SettingFlags & Why & { displayName?: string }) => {
    const body = { name, displayName: flags.displayName, settings: settingsOf(flags), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.create(body)));
  });
}

function registerSet(endpoint: Command): void {
  const command = withSettingFlags(endpoint.command('set <name>'))
    .description('change its settings; the others stay')
    .addOption(resetOption())
    .addOption(why());
  action(command, async ({ config, output }, name: string, flags: SettingFlags & Why) => {
    const body = { settings: settingsOf(flags), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.set(name, body)));
  });
}

function registerDeploy(endpoint: Command): void {
  const command = endpoint
    .command('deploy <name> <model>')
    .description('add a model version (leaf@3, leaf@challenger), or change its role or share')
    .addOption(
      new Option('--role <role>', 'default: stable on an endpoint that answers nothing, else canary').choices(
        deploymentRoleSchema.options,
      ),
    )
    .option('--traffic <percent>', 'its share; of a shadow: of what it sees (default: canary 10, shadow 100)', percent)
    .option('--force', 'even though it was not blessed')
    .addOption(why());
  type Flags = Why & { role?: DeploymentRole; traffic?: number; force?: boolean };
  action(command, async ({ config, output }, name: string, model: string, flags: Flags) => {
    const body = { model, ...flags };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.deploy(name, body)));
  });
}

function registerUndeploy(endpoint: Command): void {
  const command = endpoint
    .command('undeploy <name> [model]')
    .description('take a version down; its share goes back to the stable one')
    .option('--all', 'take everything down: the endpoint answers no more')
    .addOption(why());
  action(
    command,
    async ({ config, output }, name: string, model: string | undefined, flags: Why & { all?: boolean }) => {
      if ((model === undefined) !== (flags.all === true))
        throw new MitateError('PARAMETER_INVALID', {
          where: 'model',
          reason: 'name one version, or say --all',
          command: 'endpoint undeploy',
        });
      const body = { model: model ?? null, why: flags.why };
      printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.undeploy(name, body)));
    },
  );
}

function registerTraffic(endpoint: Command): void {
  const command = endpoint
    .command('traffic <name> <share...>')
    .description('set shares in whole percent, such as leaf@3=10; the stable one takes the rest')
    .addOption(why());
  action(command, async ({ config, output }, name: string, shares: string[], flags: Why) => {
    const body = { traffic: Object.fromEntries(shares.map(parseShare)), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.traffic(name, body)));
  });
}

function registerPromote(endpoint: Command): void {
  const command = endpoint
    .command('promote <name> [model]')
    .description('make a version (default: the canary, else the challenger) the stable one, and champion of its model')
    .option('--force', 'even though it was not blessed')
    .addOption(why());
  action(
    command,
    async ({ config, output }, name: string, model: string | undefined, flags: Why & { force?: boolean }) => {
      const body = { model, ...flags };
      printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.promote(name, body)));
    },
  );
}

function registerRollback(endpoint: Command): void {
  const command = endpoint
    .command('rollback <name>')
    .description('take back the newest change of who answers')
    .addOption(why());
  action(command, async ({ config, output }, name: string, flags: Why) => {
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.rollback(name, flags)));
  });
}

function registerRemove(endpoint: Command): void {
  const command = endpoint
    .command('remove <name>')
    .description('remove an endpoint that answers nothing; its requests stay in the log')
    .addOption(why());
  action(command, async ({ config, output }, name: string, flags: Why) => {
    await changing(config, ({ endpoints }) => endpoints.remove(name, flags));
    output.json({ name });
    output.line(`Endpoint ${name} is removed.`);
  });
}

interface Why {
  why: string;
}
const why = () => new Option('--why <text>', 'the reason, for the timeline').default('by hand');

function percent(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('A share is a whole percentage from 0 to 100.');
}

function parseShare(text: string): [string, number] {
  const [, model, share] = /^(.+)=(\d{1,3})$/.exec(text) ?? [];
  if (model !== undefined && Number(share) <= 100) return [model, Number(share)];
  throw new MitateError('PARAMETER_INVALID', {
    where: 'share',
    reason: `"${text}" is not like leaf@3=10`,
    command: 'endpoint traffic',
  });
}
