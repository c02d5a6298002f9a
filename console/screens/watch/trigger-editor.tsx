import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BodyOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { NumberField, TextField } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { pipelinesQuery } from './data.ts';
import { watchTexts } from './texts.ts';

type When = BodyOf<'triggers.create'>['when'];
type Kind = When['kind'];
const kinds = ['schedule', 'new-data', 'drift', 'performance', 'release', 'demand'] as const satisfies Kind[];

/** What the form holds: what another kind would need stays while kinds are tried. */
const usual = {
  name: '',
  pipeline: '',
  kind: 'schedule' as Kind,
  cron: '0 3 * * 1',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  folder: '',
  minPhotos: 1 as number | null,
  endpoint: '',
  below: 0.9 as number | null,
  environment: 'production',
  coolDown: '6h',
  dailyBudget: 4 as number | null,
  minNewLabels: 0 as number | null,
};

/** A new trigger. The server says what is wrong; nothing entered is lost. */
export function TriggerEditor({ close }: { close: () => void }) {
  const { triggers: texts } = useTexts(watchTexts);
  const queries = useQueryClient();
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const [draft, setDraft] = useState(usual);
  const text = (
    name: 'name' | 'pipeline' | 'cron' | 'timeZone' | 'folder' | 'endpoint' | 'environment' | 'coolDown',
  ) => ({
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
  });
  const number = (name: 'minPhotos' | 'below' | 'dailyBudget' | 'minNewLabels') => ({
    value: draft[name],
    onChange: (value: number | null) => setDraft({ ...draft, [name]: value }),
  });
  const create = async () => {
    const { name, pipeline, coolDown, dailyBudget, minNewLabels } = draft;
    await client.triggers.create({
      ...{ name, pipeline, when: whenOf(draft), coolDown },
      ...(dailyBudget !== null && { dailyBudget }),
      ...(minNewLabels !== null && { minNewLabels }),
    });
    await queries.invalidateQueries({ queryKey: ['triggers'] });
    close();
  };
  return (
    <Sheet isOpen close={close} title={texts.add}>
      <div className="stack">
        <TextField label={texts.name} required {...text('name')} />
        <TextField label={texts.pipeline} hint={texts.pipelineHint} list="trigger-pipelines" {...text('pipeline')} />
        <datalist id="trigger-pipelines">
          {pipelines.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Choice
          label={texts.when}
          value={draft.kind}
          options={kinds.map((value) => ({ value, text: texts.kinds[value] }))}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        {draft.kind === 'schedule' && (
          <>
            <TextField label={texts.cron} hint={texts.cronHint} {...text('cron')} />
            <TextField label={texts.timeZone} {...text('timeZone')} />
          </>
        )}
        {draft.kind === 'new-data' && (
          <>
            <TextField label={texts.folder} {...text('folder')} />
            <NumberField label={texts.minPhotos} min={1} {...number('minPhotos')} />
          </>
        )}
        {(draft.kind === 'drift' || draft.kind === 'performance') && (
          <TextField label={texts.endpoint} {...text('endpoint')} />
        )}
        {draft.kind === 'performance' && (
          <NumberField label={texts.below} min={0} max={1} step={0.01} {...number('below')} />
        )}
        {draft.kind === 'release' && <TextField label={texts.environment} {...text('environment')} />}
        <TextField label={texts.coolDown} hint={texts.coolDownHint} {...text('coolDown')} />
        <NumberField label={texts.budget} min={1} {...number('dailyBudget')} />
        <NumberField label={texts.labels} min={0} {...number('minNewLabels')} />
        <div className="row">
          <Button kind="main" onPress={create}>
            {texts.create}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}

function whenOf({ kind, cron, timeZone, folder, minPhotos, endpoint, below, environment }: typeof usual): When {
  switch (kind) {
    case 'schedule':
      return { kind, cron, timeZone };
    case 'new-data':
      return { kind, folder: folder || null, ...(minPhotos !== null && { minPhotos }) };
    case 'drift':
      return { kind, endpoint };
    case 'performance':
      return { kind, endpoint, below: below ?? 0 };
    case 'release':
      return { kind, environment };
    case 'demand':
      return { kind };
  }
}
