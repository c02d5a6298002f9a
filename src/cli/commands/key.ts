import { type Command, Option } from 'commander';
import { createKey, listKeys, revokeKeys } from '../../actions/access/key.ts';
import { type Scope, scopeSchema } from '../../contracts/access.ts';
import { action } from '../cli.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { moment } from '../output/moment.ts';

export function registerKey(program: Command): void {
  const key = program.command('key').description('manage API keys of the project: create, list, revoke');
  registerCreate(key);
  registerList(key);
  registerRevoke(key);
}

function registerCreate(key: Command): void {
  const command = key
    .command('create <name>')
    .description('create a key and print it; it cannot be shown again')
    .addOption(new Option('--scope <scope>', 'permissions of the key').choices(scopeSchema.options).default('predict'))
    .option('--expires <duration>', 'key validity, such as 90d (default: until revoked)', parseDuration);
  action(command, async ({ inStore, output, by }, name: string, flags: { scope: Scope; expires?: number }) => {
    const { scope, expires } = flags;
    const expiresAt = expires === undefined ? null : new Date(Date.now() + expires);
    const made = await inStore((store) => createKey(store, { name, scope, expiresAt }, by.actor));
    output.json(made);
    output.line(`${output.style('bold', made.key)}`);
    output.note('Store this key now: it cannot be shown again.');
  });
}

function registerList(key: Command): void {
  action(key.command('list').description('list keys of the project, newest first'), async ({ inStore, output }) => {
    const keys = await inStore(listKeys);
    output.list(
      keys,
      'No keys yet. Create one with "mitate key create".',
      ({ id, name, scope, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt }) => ({
        ID: id,
        NAME: name,
        SCOPE: scope,
        CREATED: moment(createdAt),
        BY: createdBy,
        EXPIRES: expiresAt && moment(expiresAt),
        'LAST USED': lastUsedAt && moment(lastUsedAt),
        STATE: stateOf(expiresAt, revokedAt),
      }),
    );
  });
}

function stateOf(expiresAt: Date | null, revokedAt: Date | null): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= new Date() ? 'expired' : 'active';
}

function registerRevoke(key: Command): void {
  const command = key
    .command('revoke <key>')
    .description('revoke a key by id, or all active keys of a name; servers apply it within a second');
  action(command, async ({ inStore, output, by }, idOrName: string) => {
    const revoked = await inStore((store) => revokeKeys(store, idOrName, by.actor));
    for (const each of revoked) {
      output.json(each);
      output.line(`Revoked ${each.name} (${each.id}).`);
    }
  });
}
