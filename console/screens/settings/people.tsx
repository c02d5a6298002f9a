import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMe } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type Person, peopleQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { PersonSheet } from './person-sheet.tsx';
import { settingsTexts } from './texts.ts';

export const roles = ['viewer', 'labeller', 'developer', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];

export function People() {
  const texts = useTexts(settingsTexts);
  const { project } = useMe();
  const people = useQuery(peopleQuery);
  const [isAdding, setAdding] = useState(false);
  const [managed, setManaged] = useState<string | null>(null);
  return (
    <Loaded query={people}>
      {(found) => (
        <>
          {found.length === 0 ? (
            <Empty title={texts.people.first}>
              <p>{texts.people.firstLead}</p>
              <Button kind="main" onPress={() => setAdding(true)}>
                {texts.people.first}
              </Button>
            </Empty>
          ) : (
            <>
              <div>
                <Button kind="main" onPress={() => setAdding(true)}>
                  {texts.people.add}
                </Button>
              </div>
              <PeopleTable people={found} project={project} manage={setManaged} />
            </>
          )}
          <AddPerson isOpen={isAdding} close={() => setAdding(false)} isFirst={found.length === 0} />
          <PersonSheet
            person={found.find(({ name }) => name === managed) ?? null}
            project={project}
            close={() => setManaged(null)}
          />
        </>
      )}
    </Loaded>
  );
}

function PeopleTable(props: { people: readonly Person[]; project: string; manage: (name: string) => void }) {
  const { people, project, manage } = props;
  const texts = useTexts(settingsTexts);
  return (
    <DataTable
      label={texts.tabs.people}
      rows={people}
      keyOf={({ name }) => name}
      columns={[
        { key: 'name', title: texts.people.name, cell: ({ name }) => <strong>{name}</strong> },
        {
          key: 'role',
          title: texts.people.role,
          cell: ({ roles: all }) => (all[project] ? texts.roles[all[project]] : texts.none),
        },
        { key: 'state', title: texts.people.state, cell: (person) => <State person={person} /> },
        { key: 'since', title: texts.people.since, cell: ({ createdAt }) => <When at={createdAt} /> },
        {
          key: 'manage',
          title: '',
          cell: ({ name }) => (
            <span className="settings-acts">
              <Button kind="quiet" label={texts.people.manageOf(name)} onPress={() => manage(name)}>
                {texts.people.manage}
              </Button>
            </span>
          ),
        },
      ]}
    />
  );
}

function State({ person: { disabledAt, secondFactor, provider } }: { person: Person }) {
  const { people } = useTexts(settingsTexts);
  const more = [secondFactor && people.secondFactor, provider && people.provider].filter((each) => each);
  return (
    <span>
      {disabledAt === null ? people.active : people.disabled}
      {more.map((each) => (
        <span key={String(each)} className="quiet settings-aside">
          {each}
        </span>
      ))}
    </span>
  );
}

function AddPerson({ isOpen, close, isFirst }: { isOpen: boolean; close: () => void; isFirst: boolean }) {
  const texts = useTexts(settingsTexts);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [chosen, setRole] = useState<Role | null>(null);
  const role = chosen ?? (isFirst ? 'admin' : 'viewer');
  return (
    <ActSheet
      isOpen={isOpen}
      close={close}
      title={isFirst ? texts.people.first : texts.people.add}
      verb={texts.people.add}
      hasWhy={false}
      act={async () => {
        await client.users.create({ name: name.trim(), password, role });
        await queries.invalidateQueries({ queryKey: ['users'] });
        setName('');
        setPassword('');
        setRole(null);
      }}
    >
      <TextField
        label={texts.people.name}
        hint={texts.people.nameHint}
        autoCapitalize="none"
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={texts.people.password}
        hint={texts.people.passwordHint}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      <RoleChoice role={role} onChange={setRole} />
    </ActSheet>
  );
}

export function RoleChoice({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  const texts = useTexts(settingsTexts);
  return (
    <div className="settings-role">
      <Choice
        label={texts.people.role}
        value={role}
        options={roles.map((value) => ({ value, text: texts.roles[value] }))}
        onChange={onChange}
      />
      <span className="quiet">{texts.roleHints[role]}</span>
    </div>
  );
}
