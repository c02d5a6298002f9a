import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { firstCommands } from '../../parts/first-commands.ts';
import { When } from '../../parts/when.tsx';
import { newestQuery } from './data.ts';
import { lineageTexts } from './texts.ts';

const route = getRouteApi('/lineage');
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const forms = { model: /^[\w.-]{1,140}@[\w.-]{1,19}$/, photo: /^[0-9a-f]{64}$/i, run: id, request: id, artifact: id };
type Kind = keyof typeof forms;
const kinds = Object.keys(forms) as Kind[];

/** What to trace. */
export function Start() {
  const texts = useTexts(lineageTexts);
  const { data, error, refetch } = useQuery(newestQuery);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  const isEmpty = data.models.length === 0 && data.runs.length === 0;
  return (
    <div className="lineage">
      <header>
        <h1>{texts.title}</h1>
        <p className="quiet">{texts.lead}</p>
      </header>
      {isEmpty ? (
        <Empty title={texts.empty} command={firstCommands}>
          <p>{texts.emptyLead}</p>
        </Empty>
      ) : (
        <>
          <Finder />
          <div className="lineage-newest">
            {data.models.length > 0 && (
              <section className="stack">
                <h2>{texts.newestModels}</h2>
                <ul className="lineage-list">
                  {data.models.map(({ name, champion, versions, createdAt }) => (
                    <li key={name}>
                      <Link to="/lineage" search={{ of: `${name}@${champion ?? versions}` }} className="lineage-row">
                        <strong>{`${name}@${champion ?? versions}`}</strong>
                        <span className="quiet">
                          <When at={createdAt} />
                        </span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <section className="stack">
              <h2>{texts.newestRuns}</h2>
              <ul className="lineage-list">
                {data.runs.map(({ id, pipeline, startedAt }) => (
                  <li key={id}>
                    <Link to="/lineage" search={{ run: id }} className="lineage-row">
                      <strong>
                        {pipeline} <code className="quiet">{id.slice(-6)}</code>
                      </strong>
                      <span className="quiet">
                        <When at={startedAt} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          </div>
        </>
      )}
    </div>
  );
}

function Finder() {
  const texts = useTexts(lineageTexts);
  const navigate = route.useNavigate();
  const [kind, setKind] = useState<Kind>('model');
  const [entered, setEntered] = useState('');
  const [isWrong, setWrong] = useState(false);
  const trace = (event: FormEvent) => {
    event.preventDefault();
    const text = entered.trim();
    if (!forms[kind].test(text)) setWrong(true);
    else void navigate({ to: '/lineage', search: { [kind === 'run' || kind === 'request' ? kind : 'of']: text } });
  };
  return (
    <form className="lineage-find" onSubmit={trace}>
      <Choice
        label={texts.kind}
        value={kind}
        options={kinds.map((value) => ({ value, text: texts.kinds[value] }))}
        onChange={(value) => {
          setKind(value);
          setWrong(false);
        }}
      />
      <TextField
        label={texts.names[kind]}
        hint={texts.hints[kind]}
        problem={isWrong ? texts.wrong[kind] : null}
        value={entered}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => {
          setEntered(target.value);
          setWrong(false);
        }}
      />
      <Button type="submit" kind="main">
        {texts.trace}
      </Button>
      {/* not in a page that came over plain HTTP from another machine */}
      {kind === 'photo' && globalThis.crypto.subtle && (
        <TextField
          label={texts.file}
          hint={texts.fileHint}
          type="file"
          accept="image/*"
          onChange={async ({ target }) => {
            const [file] = target.files ?? [];
            if (file) await navigate({ to: '/lineage', search: { of: await sha256Of(file) } });
          }}
        />
      )}
    </form>
  );
}

async function sha256Of(file: File): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
