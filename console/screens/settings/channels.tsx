import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type Channel, channelsQuery, deadQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { settingsTexts } from './texts.ts';

const kinds = ['webhook', 'slack', 'email', 'pubsub'] as const;
const shapes = ['publish', 'push'] as const;
const secretStart = 'MITATE_CHANNEL_';
type Kind = (typeof kinds)[number];

/** More than the beginning that is filled in. */
const isNamed = (secret: string) => !['', secretStart].includes(secret.trim());

const targetOf = ({ definition }: Channel): string => {
  if (definition.kind === 'email') return definition.to.join(', ');
  return definition.kind === 'slack' ? definition.urlEnv : definition.url;
};

export function Channels() {
  const texts = useTexts(settingsTexts);
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<string | null>(null);
  const queries = useQueryClient();
  const add = may('operate') && (
    <Button kind="main" onPress={() => setAdding(true)}>
      {texts.channels.add}
    </Button>
  );
  return (
    <Loaded query={useQuery(channelsQuery)}>
      {(found) => (
        <>
          {found.length === 0 ? (
            <Empty title={texts.channels.empty}>
              <p>{texts.channels.emptyLead}</p>
              {add}
            </Empty>
          ) : (
            <>
              <div>{add}</div>
              <ul className="settings-list">
                {found.map((channel) => (
                  <OneChannel key={channel.name} channel={channel} remove={() => setRemoved(channel.name)} />
                ))}
              </ul>
            </>
          )}
          <AddChannel isOpen={isAdding} close={() => setAdding(false)} />
          <ActSheet
            isOpen={removed !== null}
            close={() => setRemoved(null)}
            title={texts.channels.removeOf(removed ?? '')}
            verb={texts.channels.remove}
            hasWhy={false}
            act={async () => {
              await client.channels.remove(removed!);
              await queries.invalidateQueries({ queryKey: ['alerts', 'channels'] });
            }}
          >
            <p>{texts.channels.removeLead(removed ?? '')}</p>
          </ActSheet>
        </>
      )}
    </Loaded>
  );
}

function OneChannel({ channel, remove }: { channel: Channel; remove: () => void }) {
  const { channels: texts } = useTexts(settingsTexts);
  const may = useMay();
  const queries = useQueryClient();
  const { data: dead = 0 } = useQuery(deadQuery(channel.name));
  const [isTested, setTested] = useState(false);
  const { name, definition, createdAt } = channel;
  const retry = async () => {
    await client.channels.retry(name);
    await queries.invalidateQueries({ queryKey: ['alerts', 'channels', name] });
  };
  return (
    <li>
      <div className="settings-item">
        <div>
          <strong>{name}</strong>
          <span className="quiet settings-aside">{texts.kinds[definition.kind]}</span>
          <p className="settings-target">{targetOf(channel)}</p>
          <p className="quiet small">
            {texts.since} <When at={createdAt} />
          </p>
        </div>
        {may('operate') && (
          <div className="row">
            <Button
              label={texts.testOf(name)}
              onPress={async () => {
                setTested(false);
                await client.channels.test(name);
                setTested(true);
              }}
            >
              {texts.test}
            </Button>
            <Button kind="quiet" label={texts.removeOf(name)} onPress={remove}>
              {texts.remove}
            </Button>
          </div>
        )}
      </div>
      {isTested && <p role="status">{texts.tested}</p>}
      {dead > 0 && (
        <div className="row settings-dead">
          <span>{texts.dead(dead)}</span>
          {may('operate') && <Button onPress={retry}>{texts.retry}</Button>}
        </div>
      )}
    </li>
  );
}

function AddChannel({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { channels: texts } = useTexts(settingsTexts);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('webhook');
  const [url, setUrl] = useState('');
  const [shape, setShape] = useState<(typeof shapes)[number]>('publish');
  const [secret, setSecret] = useState<string>(secretStart);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const definitions = {
    webhook: () => ({ kind: 'webhook' as const, url: url.trim(), secretEnv: secret.trim() }),
    slack: () => ({ kind: 'slack' as const, urlEnv: secret.trim() }),
    email: () => ({
      kind: 'email' as const,
      smtpUrlEnv: secret.trim(),
      from: from.trim(),
      to: to.split(',').map((each) => each.trim()),
    }),
    // a subscription of one's own server may need no token
    pubsub: () => ({
      kind: 'pubsub' as const,
      url: url.trim(),
      shape,
      ...(isNamed(secret) && { secretEnv: secret.trim() }),
    }),
  };
  const field = (label: string, value: string, set: (value: string) => void, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      autoCapitalize="none"
      autoComplete="off"
      value={value}
      onChange={({ target }) => set(target.value)}
    />
  );
  return (
    <ActSheet
      isOpen={isOpen}
      close={close}
      title={texts.add}
      verb={texts.add}
      hasWhy={false}
      act={async () => {
        await client.channels.create({ name: name.trim(), definition: definitions[kind]() });
        await queries.invalidateQueries({ queryKey: ['alerts', 'channels'] });
        setName('');
        setSecret(secretStart);
      }}
    >
      <Choice
        label={texts.kind}
        value={kind}
        options={kinds.map((value) => ({ value, text: texts.kinds[value] }))}
        onChange={setKind}
      />
      {field(texts.name, name, setName)}
      {kind === 'webhook' && field(texts.url, url, setUrl, texts.urlHint)}
      {kind === 'email' && field(texts.from, from, setFrom)}
      {kind === 'email' && field(texts.to, to, setTo, texts.toHint)}
      {kind === 'pubsub' && (
        <>
          <Choice
            label={texts.shape}
            value={shape}
            options={shapes.map((value) => ({ value, text: texts.shapes[value] }))}
            onChange={setShape}
          />
          {field(texts.url, url, setUrl, texts.pubsubHints[shape])}
        </>
      )}
      {field(texts.secret, secret, setSecret, kind === 'pubsub' ? texts.pubsubSecretHint : texts.secretHint)}
    </ActSheet>
  );
}
