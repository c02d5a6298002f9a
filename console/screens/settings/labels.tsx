import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { firstCommands } from '../../parts/first-commands.ts';
import { type LabelNames, labelsQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { settingsTexts } from './texts.ts';

const languages = ['en', 'ja'] as const;
/** More are found by typing. */
const mostShown = 100;
const searchedFrom = 12;

/** What was typed and is not saved, by label. */
type Drafts = Readonly<Record<string, Partial<Record<(typeof languages)[number], string>>>>;

/** What people read instead of a label. */
export function Labels() {
  const { labels: texts } = useTexts(settingsTexts);
  return (
    <Loaded query={useQuery(labelsQuery)}>
      {(found) =>
        found.length === 0 ? (
          <Empty title={texts.empty} command={firstCommands}>
            <p>{texts.emptyLead}</p>
          </Empty>
        ) : (
          <Names labels={found} />
        )
      }
    </Loaded>
  );
}

function Names({ labels }: { labels: readonly LabelNames[] }) {
  const { labels: texts } = useTexts(settingsTexts);
  const mayName = useMay()('operate');
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const [drafts, setDrafts] = useState<Drafts>({});
  const [saved, setSaved] = useState<number | null>(null);
  const wanted = typed.normalize('NFC').toLocaleLowerCase();
  const found = labels.filter(({ label, en, ja }) =>
    [label, en, ja].some((text) => text?.toLocaleLowerCase().includes(wanted)),
  );
  const changed = Object.keys(drafts).length;
  const type = (each: LabelNames, language: (typeof languages)[number], text: string) => {
    setSaved(null);
    setDrafts(({ [each.label]: before, ...others }) => {
      const draft = { ...before, [language]: text };
      const isNew = languages.some((one) => draft[one] !== undefined && draft[one].trim() !== (each[one] ?? ''));
      return isNew ? { ...others, [each.label]: draft } : others;
    });
  };
  const save = async () => {
    const { changed } = await client.labels.name(drafts);
    await queries.invalidateQueries({ queryKey: ['data'] });
    setDrafts({});
    setSaved(changed);
  };
  const column = (language: (typeof languages)[number]) => ({
    key: language,
    title: texts.languages[language],
    cell: (each: LabelNames) =>
      mayName ? (
        <input
          className="field-input"
          lang={language}
          aria-label={texts.nameOf(each.label, texts.languages[language])}
          maxLength={100}
          placeholder={each.label}
          value={drafts[each.label]?.[language] ?? each[language] ?? ''}
          onChange={({ target }) => type(each, language, target.value)}
        />
      ) : (
        <bdi lang={language}>{each[language] ?? '–'}</bdi>
      ),
  });
  return (
    <>
      <p>{texts.lead}</p>
      {labels.length > searchedFrom && (
        <TextField label={texts.search} type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      )}
      {found.length === 0 ? (
        <p className="quiet">{texts.none}</p>
      ) : (
        <DataTable
          label={texts.title}
          rows={found.slice(0, mostShown)}
          keyOf={({ label }) => label}
          columns={[
            { key: 'label', title: texts.label, cell: ({ label }) => <bdi className="settings-label">{label}</bdi> },
            ...languages.map(column),
          ]}
        />
      )}
      {found.length > mostShown && <p className="quiet small">{texts.more(found.length - mostShown)}</p>}
      {mayName && (
        <div className="settings-save">
          <Button kind="main" disabledBecause={changed === 0 ? texts.unchanged : null} onPress={save}>
            {texts.save(changed)}
          </Button>
          {saved !== null && <p role="status">{texts.saved(saved)}</p>}
        </div>
      )}
      {mayName && (
        <section className="settings-part">
          <h2>{texts.many}</h2>
          <p className="quiet">{texts.manyLead}</p>
          <Command text="npx mitate label import names.csv" />
        </section>
      )}
    </>
  );
}
