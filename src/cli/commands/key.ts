import { type Command, Option } from 'commander';
import { createKey, revokeKey } from '../../actions/access/key.ts';
import { withStore } from '../../actions/with-store.ts';
import { type Scope, scopeSchema } from '../../contracts/access.ts';
import { actor, withAccess } from '../access.ts';
import { action } from '../cli.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { moment } from '../output/moment.ts';

export function registerKey(program: Command): void {
  const key = program.command('key').description('API keys of the project: create, list, revoke');
  registerCreate(key);
  registerList(key);
  registerRevoke(key);
}

function registerCreate(key: Command): void {
  const command = key
    .command('create <name>')
    .description('make a key and print it, this once')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(scopeSchema.options).default('predict'))
    .option('--expires <time>', 'how long it works, such as 90d (default: until it is revoked)', parseDuration);
  action(command, async ({ config, output }, name: string, flags: { scope: Scope; expires?: number }) => {
    const { scope, expires } = flags;
    const expiresAt = expires === undefined ? null : new Date(Date.now() + expires);
    const made = await withStore(config, { attach: true }, (store) =>
      createKey(store, { name, scope, expiresAt }, actor()),
    );
    output.json(made);
    output.line(`${output.style('bold', made.key)}`);
    output.note('Keep it: it is shown this once.');
  });
}

function registerList(key: Command): void {
  action(key.command('list').description('keys of the project, newest first'), async ({ config, output }) => {
    const keys = await withAccess(config, (access) => access.listKeys(config.project));
    for (const each of keys) output.json(each);
    output.table(
      ['ID', 'NAME', 'SCOPE', 'MADE', 'BY', 'EXPIRES', 'LAST USED', 'STATE'],
      keys.map(({ id, name, scope, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt }) => [
        id,
        name,
        scope,
        moment(createdAt),
        createdBy,
        expiresAt && moment(expiresAt),
        lastUsedAt && moment(lastUsedAt),
        stateOf(expiresAt, revokedAt),
      ]),
    );
  });
}

function stateOf(expiresAt: Date | null, revokedAt: Date | null): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= new Date() ? 'expired' : 'works';
}

function registerRevoke(key: Command): void {
  const command = key
    .command('revoke <key>')
    .description('end a key, by its id or name; servers follow within a second');
  action(command, async ({ config, output }, idOrName: string) => {
    const revoked = await withStore(config, { attach: true }, (store) => revokeKey(store, idOrName, actor()));
    output.json(revoked);
    output.line(`${revoked.name} (${revoked.id}) is revoked.`);
  });
}
