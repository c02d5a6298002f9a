import type { Command } from 'commander';
import { listSecrets, rekeySecrets, removeSecret, setSecret } from '../../actions/secrets/secret.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';
import { readHidden } from '../read-hidden.ts';

export function registerSecret(program: Command): void {
  const secret = program
    .command('secret')
    .description('manage secrets of the project, which are stored encrypted: set, list, remove, rekey');
  registerSet(secret);
  registerList(secret);
  registerRemove(secret);
  registerRekey(secret);
}

function registerSet(secret: Command): void {
  const command = secret
    .command('set <name>')
    .description('set a secret that a channel names, or MITATE_RELEASE_SECRET, to a value from a prompt or stdin');
  action(command, async ({ inStore, output, by }, name: string) => {
    const value = await readHidden(`Value of ${name}: `);
    const made = await inStore((store) => setSecret(store, { name, value }, by.actor));
    output.json(made);
    output.line(`${made.replaced ? 'Replaced' : 'Set'} ${name}. A variable ${name} in the environment comes first.`);
  });
}

function registerList(secret: Command): void {
  const command = secret
    .command('list', { isDefault: true })
    .description('list secrets of the project, without values');
  action(command, async ({ inStore, output }) => {
    const secrets = await inStore(listSecrets);
    output.list(secrets, 'No secrets. Set one with "mitate secret set".', ({ name, setAt, who }) => ({
      NAME: name,
      SET: moment(setAt),
      BY: who,
    }));
  });
}

function registerRemove(secret: Command): void {
  const command = secret.command('remove <name>').description('remove a secret of the project');
  action(command, async ({ inStore, output, by }, name: string) => {
    await inStore((store) => removeSecret(store, name, by.actor));
    output.json({ name });
    output.line(`Removed ${name}.`);
  });
}

function registerRekey(secret: Command): void {
  const command = secret
    .command('rekey')
    .description('encrypt the secrets of all projects with MITATE_SECRET_KEY, or else with a new secret.key');
  action(command, async ({ inStore, output, by }) => {
    const count = await inStore((store) => rekeySecrets(store, by.actor));
    output.json({ count });
    output.line(`${plural(count, 'secret')} encrypted with a new key.`);
  });
}
