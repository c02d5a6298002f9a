import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type Person, sessionsQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { type Role, RoleChoice } from './people.tsx';
import { settingsTexts } from './texts.ts';

/** Role, password, sign-ins and the account of one person. */
export function PersonSheet(props: { person: Person | null; project: string; close: () => void }) {
  const { person, project, close } = props;
  return (
    <Sheet isOpen={person !== null} close={close} title={person?.name ?? ''}>
      {person && (
        <div className="stack" key={person.name}>
          <RoleOf person={person} project={project} />
          {person.provider === null && <PasswordOf name={person.name} />}
          <SessionsOf name={person.name} />
          <AccountOf person={person} />
        </div>
      )}
    </Sheet>
  );
}

function useChange() {
  const queries = useQueryClient();
  return async (work: Promise<unknown>) => {
    await work;
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
}

function RoleOf({ person: { name, roles }, project }: { person: Person; project: string }) {
  const texts = useTexts(settingsTexts);
  const change = useChange();
  const now = roles[project] ?? 'viewer';
  const [role, setRole] = useState<Role>(now);
  return (
    <section className="settings-part">
      <RoleChoice role={role} onChange={setRole} />
      {role !== now && <Button onPress={() => change(client.users.setRole(name, role))}>{texts.people.setRole}</Button>}
    </section>
  );
}

function PasswordOf({ name }: { name: string }) {
  const texts = useTexts(settingsTexts);
  const change = useChange();
  const [password, setPassword] = useState('');
  const [isSet, setDone] = useState(false);
  const set = async () => {
    await change(client.users.change(name, { password }));
    setPassword('');
    setDone(true);
  };
  return (
    <section className="settings-part">
      <TextField
        label={texts.people.newPassword}
        hint={texts.people.passwordHint}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      {password !== '' && <Button onPress={set}>{texts.people.setPassword}</Button>}
      {isSet && password === '' && <p role="status">{texts.people.passwordSet}</p>}
    </section>
  );
}

function SessionsOf({ name }: { name: string }) {
  const texts = useTexts(settingsTexts);
  const change = useChange();
  return (
    <section className="settings-part">
      <h3>{texts.people.sessions}</h3>
      <Loaded query={useQuery(sessionsQuery(name))}>
        {(sessions) =>
          sessions.length === 0 ? (
            <p className="quiet">{texts.people.noSessions}</p>
          ) : (
            <>
              <ul className="settings-sessions">
                {sessions.map(({ id, createdAt, lastUsedAt, address, userAgent }) => (
                  <li key={id}>
                    <span>
                      <When at={lastUsedAt ?? createdAt} />
                      <span className="quiet settings-aside">{address ?? texts.none}</span>
                      <span className="quiet small settings-agent">{userAgent}</span>
                    </span>
                    <Button kind="quiet" onPress={() => change(client.users.endSession(name, id))}>
                      {texts.people.end}
                    </Button>
                  </li>
                ))}
              </ul>
              <Button onPress={() => change(client.users.endSessions(name))}>{texts.people.endAll}</Button>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function AccountOf({ person: { name, disabledAt } }: { person: Person }) {
  const { people } = useTexts(settingsTexts);
  const change = useChange();
  const isOn = disabledAt === null;
  return (
    <section className="settings-part">
      {isOn && <p className="quiet">{people.disableLead(name)}</p>}
      <Button onPress={() => change(client.users.change(name, { disabled: isOn }))}>
        {isOn ? people.disable : people.enable}
      </Button>
    </section>
  );
}
