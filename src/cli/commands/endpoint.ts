import { type Command, InvalidArgumentError, Option } from 'commander';
import { listEndpoints, showEndpoint } from '../../actions/endpoints/endpoint.ts';
import { type DeploymentRole, deploymentRoleSchema, endpointSchema } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import { changing } from '../changes/changes.ts';
import { action } from '../cli.ts';
import { resetOption, type SettingFlags, settingsOf, withSettingFlags } from '../options/endpoint-settings.ts';
import { type Why, whyOption } from '../options/why.ts';
import { printEndpoint, printEndpoints, printTimeline } from '../output/endpoint-view.ts';

export function registerEndpoint(program: Command): void {
  const endpoint = program
    .command('endpoint')
    .description('manage endpoints: list, show, create, set, deploy, undeploy, traffic, promote, rollback, remove');
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
  action(endpoint.command('list').description('list endpoints of the project'), async ({ inStore, output }) => {
    const endpoints = await inStore(listEndpoints);
    printEndpoints(
      output,
      endpoints.map((each) => endpointSchema.parse(each)),
    );
  });
}

function registerShow(endpoint: Command): void {
  const command = endpoint.command('show <name>').description('show deployments, settings and timeline of an endpoint');
  action(command, async ({ inStore, output }, name: string) => {
    const details = await inStore((store) => showEndpoint(store, name));
    output.json(details);
    if (output.options.json) return;
    printEndpoint(output, endpointSchema.parse(details.endpoint));
    printTimeline(output, details.timeline);
  });
}

function registerCreate(endpoint: Command): void {
  const command = withSettingFlags(endpoint.command('create <name>'))
    .description('create an endpoint; it serves once a model is deployed to it')
    .option('--display-name <text>', 'human-readable name')
    .addOption(whyOption());
  action(command, async ({ config, output }, name: string, flags: SettingFlags & Why & { displayName?: string }) => {
    const body = { name, displayName: flags.displayName, settings: settingsOf(flags), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.create(body)));
  });
}

function registerSet(endpoint: Command): void {
  const command = withSettingFlags(endpoint.command('set <name>'))
    .description('change settings of an endpoint; others keep their values')
    .addOption(resetOption())
    .addOption(whyOption());
  action(command, async ({ config, output }, name: string, flags: SettingFlags & Why) => {
    const body = { settings: settingsOf(flags), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.set(name, body)));
  });
}

function registerDeploy(endpoint: Command): void {
  const command = endpoint
    .command('deploy <name> <model>')
    .description('deploy a model version (leaf@3, leaf@challenger), or change its role or traffic')
    .addOption(
      new Option(
        '--role <role>',
        'role of the version (default: stable on an endpoint without deployments, else canary)',
      ).choices(deploymentRoleSchema.options),
    )
    .option(
      '--traffic <percent>',
      'share of the traffic; for a shadow, of the mirrored traffic (default: canary 10, shadow 100)',
      percent,
    )
    .option('--force', 'allow an unblessed version')
    .addOption(whyOption());
  type Flags = Why & { role?: DeploymentRole; traffic?: number; force?: boolean };
  action(command, async ({ config, output }, name: string, model: string, flags: Flags) => {
    const body = { model, ...flags };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.deploy(name, body)));
  });
}

function registerUndeploy(endpoint: Command): void {
  const command = endpoint
    .command('undeploy <name> [model]')
    .description('undeploy a version; its traffic goes to the stable version')
    .option('--all', 'undeploy all versions; the endpoint stops serving')
    .addOption(whyOption());
  action(
    command,
    async ({ config, output }, name: string, model: string | undefined, flags: Why & { all?: boolean }) => {
      if ((model === undefined) !== (flags.all === true))
        throw new MitateError('PARAMETER_INVALID', {
          where: 'model',
          reason: 'give one version, or --all',
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
    .description('split the traffic in whole percent, such as leaf@3=10; the stable version gets the rest')
    .addOption(whyOption());
  action(command, async ({ config, output }, name: string, shares: string[], flags: Why) => {
    const body = { traffic: Object.fromEntries(shares.map(parseShare)), why: flags.why };
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.traffic(name, body)));
  });
}

function registerPromote(endpoint: Command): void {
  const command = endpoint
    .command('promote <name> [model]')
    .description('make a version (default: the canary, else the challenger) stable, and the champion of its model')
    .option('--force', 'allow an unblessed version')
    .addOption(whyOption());
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
    .description('revert the last change of deployments or traffic')
    .addOption(whyOption());
  action(command, async ({ config, output }, name: string, flags: Why) => {
    printEndpoint(output, await changing(config, ({ endpoints }) => endpoints.rollback(name, flags)));
  });
}

function registerRemove(endpoint: Command): void {
  const command = endpoint
    .command('remove <name>')
    .description('remove an endpoint without deployments; its requests stay in the log')
    .addOption(whyOption());
  action(command, async ({ config, output }, name: string, flags: Why) => {
    await changing(config, ({ endpoints }) => endpoints.remove(name, flags));
    output.json({ name });
    output.line(`Removed endpoint ${name}.`);
  });
}

function percent(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('Expected a whole percentage from 0 to 100.');
}

function parseShare(text: string): [string, number] {
  const [, model, share] = /^(.+)=(\d{1,3})$/.exec(text) ?? [];
  if (model !== undefined && Number(share) <= 100) return [model, Number(share)];
  throw new MitateError('PARAMETER_INVALID', {
    where: 'share',
    reason: `expected a share such as leaf@3=10, got "${text}"`,
    command: 'endpoint traffic',
  });
}
