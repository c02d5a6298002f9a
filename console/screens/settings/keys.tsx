import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Command } from '../../parts/command.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { ActSheet, Sheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type Key, keysQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { settingsTexts } from './texts.ts';

const scopes = ['predict', 'operate', 'admin'] as const;
type Scope = (typeof scopes)[number];

/** The end of a key: asked for, or because nobody used it. */
const endOf = ({ expiresAt, unusedUntil, lastUsedAt }: Key) => expiresAt ?? (lastUsedAt === null ? unusedUntil : null);

function stateOf(key: Key): 'active' | 'revoked' | 'expired' {
  if (key.revokedAt !== null) return 'revoked';
  const end = endOf(key);
  return end !== null && new Date(end).getTime() <= Date.now() ? 'expired' : 'active';
}

export function Keys() {
  const texts = useTexts(settingsTexts);
  const keys = useQuery(keysQuery);
  const [isAdding, setAdding] = useState(false);
  const [act, setAct] = useState<{ what: 'rotate' | 'revoke'; key: Key } | null>(null);
  const [made, setMade] = useState<string | null>(null);
  return (
    <Loaded query={keys}>
      {(found) => (
        <>
          {found.length === 0 ? (
            <Empty title={texts.keys.empty}>
              <p>{texts.keys.emptyLead}</p>
              <Button kind="main" onPress={() => setAdding(true)}>
                {texts.keys.add}
              </Button>
            </Empty>
          ) : (
            <>
              <div>
                <Button kind="main" onPress={() => setAdding(true)}>
                  {texts.keys.add}
                </Button>
              </div>
              <KeyTable keys={found} choose={(what, key) => setAct({ what, key })} />
            </>
          )}
          <AddKey isOpen={isAdding} close={() => setAdding(false)} show={setMade} />
          <KeyAct act={act} close={() => setAct(null)} show={setMade} />
          <Sheet isOpen={made !== null} close={() => setMade(null)} title={texts.keys.made}>
            <div className="stack">
              <p>{texts.keys.madeLead}</p>
              <Command text={made ?? ''} />
            </div>
          </Sheet>
        </>
      )}
    </Loaded>
  );
}

function KeyTable(props: { keys: readonly Key[]; choose: (what: 'rotate' | 'revoke', key: Key) => void }) {
  const { keys, choose } = props;
  const texts = useTexts(settingsTexts);
  const when = (at: Key['lastUsedAt']) => (at === null ? texts.keys.never : <When at={at} />);
  return (
    <DataTable
      label={texts.tabs.keys}
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        { key: 'name', title: texts.keys.name, cell: ({ name }) => <strong>{name}</strong> },
        { key: 'scope', title: texts.keys.scope, cell: ({ scope }) => texts.keys.scopes[scope] },
        { key: 'state', title: texts.keys.state, cell: (key) => texts.keys.states[stateOf(key)] },
        { key: 'used', title: texts.keys.lastUsed, cell: ({ lastUsedAt }) => when(lastUsedAt) },
        { key: 'ends', title: texts.keys.expires, cell: (key) => when(endOf(key)) },
        {
          key: 'acts',
          title: '',
          cell: (key) =>
            stateOf(key) === 'active' && (
              <span className="settings-acts">
                <Button kind="quiet" label={texts.keys.rotateOf(key.name)} onPress={() => choose('rotate', key)}>
                  {texts.keys.rotate}
                </Button>
                <Button kind="quiet" label={texts.keys.revokeOf(key.name)} onPress={() => choose('revoke', key)}>
                  {texts.keys.revoke}
                </Button>
              </span>
            ),
        },
      ]}
    />
  );
}

function AddKey({ isOpen, close, show }: { isOpen: boolean; close: () => void; show: (key: string) => void }) {
  const texts = useTexts(settingsTexts);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('predict');
  return (
    <ActSheet
      isOpen={isOpen}
      close={close}
      title={texts.keys.add}
      verb={texts.keys.add}
      hasWhy={false}
      act={async () => {
        const { key } = await client.keys.create({ name: name.trim(), scope });
        await queries.invalidateQueries({ queryKey: ['keys'] });
        setName('');
        show(key);
      }}
    >
      <TextField
        label={texts.keys.name}
        hint={texts.keys.nameHint}
        autoCapitalize="none"
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Choice
        label={texts.keys.scope}
        value={scope}
        options={scopes.map((value) => ({ value, text: texts.keys.scopes[value] }))}
        onChange={setScope}
      />
    </ActSheet>
  );
}

function KeyAct(props: {
  act: { what: 'rotate' | 'revoke'; key: Key } | null;
  close: () => void;
  show: (key: string) => void;
}) {
  const { act, close, show } = props;
  const texts = useTexts(settingsTexts);
  const queries = useQueryClient();
  const what = act?.what ?? 'rotate';
  const name = act?.key.name ?? '';
  return (
    <ActSheet
      isOpen={act !== null}
      close={close}
      title={what === 'rotate' ? texts.keys.rotateOf(name) : texts.keys.revokeOf(name)}
      verb={texts.keys[what]}
      hasWhy={false}
      act={async () => {
        if (what === 'revoke') await client.keys.revoke(act!.key.id);
        else show((await client.keys.rotate(act!.key.id)).key);
        await queries.invalidateQueries({ queryKey: ['keys'] });
      }}
    >
      <p>{what === 'rotate' ? texts.keys.rotateLead(name) : texts.keys.revokeLead(name)}</p>
    </ActSheet>
  );
}
