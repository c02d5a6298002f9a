import { type Command, Option } from 'commander';
import { createKey, keyEnds, listKeys, revokeKeys, rotateKey } from '../../actions/access/key.ts';
import { type Scope, scopeSchema } from '../../contracts/access.ts';
import { action } from '../cli.ts';
import { durationOption, parseDuration } from '../options/parse-duration.ts';
import { moment } from '../output/moment.ts';

export function registerKey(program: Command): void {
  const key = program.command('key').description('manage API keys of the project: create, list, rotate, revoke');
  registerCreate(key);
  registerList(key);
  registerRotate(key);
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
      ({ id, name, scope, createdAt, createdBy, revokedAt, ...key }) => ({
        ID: id,
        NAME: name,
        SCOPE: scope,
        CREATED: moment(createdAt),
        BY: createdBy,
        EXPIRES: Number.isFinite(keyEnds(key)) ? moment(new Date(keyEnds(key))) : null,
        'LAST USED': key.lastUsedAt && moment(key.lastUsedAt),
        STATE: revokedAt !== null ? 'revoked' : keyEnds(key) <= Date.now() ? 'expired' : 'active',
      }),
    );
  });
}

function registerRotate(key: Command): void {
  const command = key
    .command('rotate <key>')
    .description('replace a key, by id or name, by a new one of the same name, scope and validity, and print that')
    .addOption(durationOption('--overlap <duration>', 'how long the old key is still accepted', '7d'));
  action(command, async ({ inStore, output, by }, idOrName: string, flags: { overlap: number }) => {
    const made = await inStore((store) => rotateKey(store, idOrName, { overlapMs: flags.overlap, ...by }));
    output.json(made);
    output.line(`${output.style('bold', made.key)}`);
    output.note(
      `Store this key now: it cannot be shown again. ${made.replaced.id} ends ${moment(made.replaced.expiresAt!)}.`,
    );
  });
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
