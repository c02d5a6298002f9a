import { text } from 'node:stream/consumers';
import { Argument, type Command, Option } from 'commander';
import { createUser, disableUser, setPassword, setRole } from '../../actions/access/user.ts';
import { withStore } from '../../actions/with-store.ts';
import { type Role, roleSchema } from '../../contracts/access.ts';
import { actor, withAccess } from '../access.ts';
import { askHidden } from '../ask-hidden.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerUser(program: Command): void {
  const user = program.command('user').description('people who sign in: create, list, role, password, disable, enable');
  registerCreate(user);
  registerList(user);
  registerRole(user);
  registerPassword(user);
  registerDisable(user);
}

const passwordStdin = ['--password-stdin', 'read the password from standard input instead of asking'] as const;

function registerCreate(user: Command): void {
  const command = user
    .command('create <name>')
    .description('add a person, who gets a role in the project')
    .addOption(new Option('--role <role>', 'in the project').choices(roleSchema.options).default('viewer'))
    .option(...passwordStdin);
  action(command, async ({ config, output }, name: string, flags: { role: Role; passwordStdin?: boolean }) => {
    const password = await readPassword(flags);
    const made = await withStore(config, { attach: true }, (store) =>
      createUser(store, { name, password, role: flags.role }, actor()),
    );
    output.json(made);
    output.line(`${output.style('bold', made.name)} is ${flags.role} in ${config.project}.`);
  });
}

function registerList(user: Command): void {
  const command = user.command('list').description('people with a role in the project').option('--all', 'everyone');
  action(command, async ({ config, output }, flags: { all?: boolean }) => {
    const people = await withAccess(config, (access) => access.listUsers(flags.all ? undefined : config.project));
    for (const each of people) output.json(each);
    output.table(
      ['NAME', 'ROLES', 'SINCE', 'STATE'],
      people.map(({ name, roles, createdAt, disabledAt }) => [
        name,
        Object.entries(roles)
          .map(([project, role]) => `${project}: ${role}`)
          .join(', '),
        moment(createdAt),
        disabledAt === null ? 'may sign in' : 'disabled',
      ]),
    );
  });
}

function registerRole(user: Command): void {
  const command = user
    .command('role <name>')
    .description('give a person a role in the project; "none" takes it away')
    .addArgument(new Argument('<role>').choices([...roleSchema.options, 'none']));
  action(command, async ({ config, output }, name: string, given: Role | 'none') => {
    const role = given === 'none' ? null : given;
    const changed = await withStore(config, { attach: true }, (store) => setRole(store, name, role, actor()));
    output.json(changed);
    output.line(
      role === null ? `${name} has no role in ${config.project}.` : `${name} is ${role} in ${config.project}.`,
    );
  });
}

function registerPassword(user: Command): void {
  const command = user
    .command('password <name>')
    .description('set a new password, which ends the sessions of the old one')
    .option(...passwordStdin);
  action(command, async ({ config, output }, name: string, flags: { passwordStdin?: boolean }) => {
    const password = await readPassword(flags);
    await withStore(config, { attach: true }, (store) => setPassword(store, name, password, actor()));
    output.json({ name });
    output.line(`${name} has a new password.`);
  });
}

function registerDisable(user: Command): void {
  for (const [verb, disabled, what] of [
    ['disable', true, 'end a person’s sessions, and let them in no more'],
    ['enable', false, 'let a disabled person in again'],
  ] as const) {
    action(user.command(`${verb} <name>`).description(what), async ({ config, output }, name: string) => {
      const changed = await withStore(config, { attach: true }, (store) => disableUser(store, name, disabled, actor()));
      output.json(changed);
      output.line(disabled ? `${name} may sign in no more.` : `${name} may sign in.`);
    });
  }
}

async function readPassword({ passwordStdin }: { passwordStdin?: boolean }): Promise<string> {
  if (passwordStdin || !process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  return await askHidden('Password: ');
}
