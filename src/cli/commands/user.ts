import { Argument, type Command, Option } from 'commander';
import { endSessions, listSessions } from '../../actions/access/session.ts';
import { disableTotp, setUpTotp } from '../../actions/access/totp.ts';
import { createUser, disableUser, listUsers, setPassword, setRole } from '../../actions/access/user.ts';
import { type Role, roleSchema } from '../../contracts/access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';
import { readHidden } from '../read-hidden.ts';

export function registerUser(program: Command): void {
  const user = program
    .command('user')
    .description('manage users: create, list, role, password, totp, sessions, disable, enable');
  registerCreate(user);
  registerList(user);
  registerRole(user);
  registerPassword(user);
  registerTotp(user);
  registerSessions(user);
  registerDisable(user);
}

const passwordStdin = ['--password-stdin', 'read the password from standard input instead of prompting'] as const;

function registerCreate(user: Command): void {
  const command = user
    .command('create <name>')
    .description('create a user with a role in the project')
    .addOption(new Option('--role <role>', 'role in the project').choices(roleSchema.options).default('viewer'))
    .option(...passwordStdin);
  action(
    command,
    async ({ config, inStore, output, by }, name: string, flags: { role: Role; passwordStdin?: boolean }) => {
      const password = await readPassword(flags);
      const made = await inStore((store) => createUser(store, { name, password, role: flags.role }, by.actor));
      output.json(made);
      output.line(`${output.style('bold', made.name)} is now ${flags.role} in project ${config.project}.`);
    },
  );
}

function registerList(user: Command): void {
  const command = user
    .command('list')
    .description('list users with a role in the project')
    .option('--all', 'list all users');
  action(command, async ({ inStore, output }, flags: { all?: boolean }) => {
    const people = await inStore((store) => listUsers(store, { isAll: flags.all ?? false }));
    output.list(
      people,
      'No users yet. Create one with "mitate user create".',
      ({ name, roles, createdAt, disabledAt }) => ({
        NAME: name,
        ROLES: Object.entries(roles)
          .map(([project, role]) => `${project}: ${role}`)
          .join(', '),
        CREATED: moment(createdAt),
        STATE: disabledAt === null ? 'active' : 'disabled',
      }),
    );
  });
}

function registerRole(user: Command): void {
  const command = user
    .command('role <name>')
    .description('set the role of a user in the project; "none" removes it')
    .addArgument(new Argument('<role>').choices([...roleSchema.options, 'none']));
  action(command, async ({ config, inStore, output, by }, name: string, given: Role | 'none') => {
    const role = given === 'none' ? null : given;
    const changed = await inStore((store) => setRole(store, name, role, by.actor));
    output.json(changed);
    output.line(
      role === null
        ? `${name} no longer has a role in project ${config.project}.`
        : `${name} is now ${role} in project ${config.project}.`,
    );
  });
}

function registerPassword(user: Command): void {
  const command = user
    .command('password <name>')
    .description('set the password of a user, and end their sessions')
    .option(...passwordStdin);
  action(command, async ({ inStore, output, by }, name: string, flags: { passwordStdin?: boolean }) => {
    const password = await readPassword(flags);
    await inStore((store) => setPassword(store, name, password, by.actor));
    output.json({ name });
    output.line(`Changed the password of ${name}.`);
  });
}

function registerTotp(user: Command): void {
  const command = user
    .command('totp <name>')
    .description(
      'require a code of an authenticator app when a user signs in, or no longer, such as when the device is lost',
    )
    .addArgument(new Argument('<what>').choices(['enable', 'disable']));
  action(command, async ({ inStore, output, by }, name: string, what: 'enable' | 'disable') => {
    if (what === 'disable') {
      await inStore((store) => disableTotp(store, name, null, by.actor));
      output.json({ name, secondFactor: false });
      return output.line(`${name} signs in without a code.`);
    }
    const made = await inStore((store) => setUpTotp(store, name, 'enabled', by.actor));
    output.json({ name, secondFactor: true, ...made });
    output.line(`${output.style('bold', made.secret)}`);
    output.line(made.uri);
    output.note(
      `${name} needs a code from now on. Bring the secret into their authenticator app: it cannot be shown again.`,
    );
  });
}

function registerSessions(user: Command): void {
  const command = user
    .command('sessions <name>')
    .description('list the sessions of a user, or end them; servers apply it within a second')
    .addOption(new Option('--end <id>', 'end this one').conflicts('all'))
    .option('--all', 'end all of them');
  action(command, async ({ inStore, output, by }, name: string, { end, all }: { end?: string; all?: boolean }) => {
    if (end !== undefined || all) {
      const ended = await inStore((store) => endSessions(store, name, end, by.actor));
      output.json({ name, ended });
      return output.line(`Ended ${plural(ended, 'session')} of ${name}.`);
    }
    const sessions = await inStore((store) => listSessions(store, name));
    output.list(
      sessions,
      `${name} has no sessions.`,
      ({ id, createdAt, lastUsedAt, expiresAt, address, userAgent }) => ({
        ID: id,
        SINCE: moment(createdAt),
        'LAST USED': lastUsedAt === null ? '' : moment(lastUsedAt),
        ENDS: moment(expiresAt),
        FROM: address ?? '',
        WITH: userAgent ?? '',
      }),
    );
  });
}

function registerDisable(user: Command): void {
  for (const [verb, disabled, what] of [
    ['disable', true, 'disable a user and end their sessions'],
    ['enable', false, 'enable a disabled user'],
  ] as const) {
    action(user.command(`${verb} <name>`).description(what), async ({ inStore, output, by }, name: string) => {
      const changed = await inStore((store) => disableUser(store, name, disabled, by.actor));
      output.json(changed);
      output.line(`User ${name} is ${verb}d.`);
    });
  }
}

const readPassword = ({ passwordStdin = false }: { passwordStdin?: boolean }) =>
  readHidden('Password: ', { fromStdin: passwordStdin });
