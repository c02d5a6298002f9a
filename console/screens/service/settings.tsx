import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { CheckField, NumberField } from '../../parts/field.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import type { EndpointAnswer } from './data.ts';
import { changesOf, type Draft, draftOf, entered, isValid } from './settings-draft.ts';
import { serviceTexts } from './texts.ts';

/** The endpoint's settings in plain words. Whoever saves second is told, and keeps what they entered. */
export function Settings({ endpoint }: { endpoint: EndpointAnswer }) {
  const { settings: texts } = useTexts(serviceTexts);
  const may = useMay();
  const queries = useQueryClient();
  /** What the draft was made from, until it is saved or compared with a newer state. */
  const [base, setBase] = useState(endpoint);
  const [draft, setDraft] = useState<Draft>(() => draftOf(endpoint.settings));
  const [isOpen, setOpen] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const [isConflict, setConflict] = useState(false);
  const changes = changesOf(draftOf(base.settings), draft);
  const isClean = Object.keys(changes).length === 0;
  // nothing entered: follow what others save
  if (isClean && base !== endpoint) {
    setBase(endpoint);
    setDraft(draftOf(endpoint.settings));
    setConflict(false);
  }
  const set = (change: Partial<Draft>) => {
    setSaved(false);
    setDraft({ ...draft, ...change });
  };
  const theirs = draftOf(endpoint.settings);
  const hint = (name: keyof Draft, usual?: string) =>
    isConflict && theirs[name] !== draft[name] ? texts.theirs(String(theirs[name] ?? '–')) : usual;
  const number = (name: keyof Draft) => ({
    value: draft[name] as number | null,
    onChange: (value: number | null) => set({ [name]: value }),
  });
  return (
    <div className="settings">
      {isConflict && (
        <div className="fault" role="alert">
          <p className="fault-message">{texts.changed}</p>
          {base !== endpoint && (
            <Button
              onPress={() => {
                setDraft({ ...theirs, ...entered(draftOf(base.settings), draft) });
                setBase(endpoint);
              }}
            >
              {texts.takeOver}
            </Button>
          )}
        </div>
      )}
      <fieldset disabled={!may('operate')} className="settings-fields">
        <fieldset className="settings-pair">
          <legend>{texts.abstain}</legend>
          <NumberField
            label={texts.abstainLow}
            {...number('abstainLow')}
            min={0}
            max={1}
            step={0.01}
            hint={hint('abstainLow', texts.abstainHint)}
          />
          <NumberField
            label={texts.abstainHigh}
            {...number('abstainHigh')}
            min={0}
            max={1}
            step={0.01}
            hint={hint('abstainHigh')}
          />
        </fieldset>
        <div>
          <Choice
            label={texts.unlike}
            value={draft.unlike}
            options={(['refuse', 'warn', 'answer'] as const).map((value) => ({ value, text: texts.unlikes[value] }))}
            onChange={(unlike) => set({ unlike })}
          />
          {hint('unlike') && <p className="field-hint">{texts.theirs(texts.unlikes[theirs.unlike])}</p>}
        </div>
        <div>
          <Choice
            label={texts.images}
            value={draft.images}
            options={(['none', 'sampled', 'all'] as const).map((value) => ({
              value,
              text: texts.imagePolicies[value],
            }))}
            onChange={(images) => set({ images })}
          />
          {hint('images') && <p className="field-hint">{texts.theirs(texts.imagePolicies[theirs.images])}</p>}
        </div>
        {draft.images === 'sampled' && (
          <NumberField
            label={texts.imageShare}
            {...number('imageShare')}
            min={0}
            max={100}
            unit={texts.percent}
            hint={hint('imageShare')}
          />
        )}
        {draft.images !== 'none' && (
          <NumberField
            label={texts.retention}
            {...number('retentionDays')}
            min={0}
            unit={texts.days}
            hint={hint('retentionDays', texts.retentionHint)}
          />
        )}
        <NumberField label={texts.review} {...number('reviewADay')} min={0} max={10_000} hint={hint('reviewADay')} />
        <NumberField label={texts.opinions} {...number('opinions')} min={1} max={20} hint={hint('opinions')} />
        <NumberField
          label={texts.deadline}
          {...number('deadlineMs')}
          min={10}
          max={600_000}
          unit="ms"
          hint={hint('deadlineMs', texts.deadlineHint)}
        />
        <NumberField
          label={texts.embedding}
          {...number('embeddingShare')}
          min={0}
          max={100}
          unit={texts.percent}
          hint={hint('embeddingShare')}
        />
        <CheckField
          label={texts.isPublic}
          checked={draft.isPublic}
          onChange={({ target }) => set({ isPublic: target.checked })}
        />
        <CheckField
          label={texts.offline}
          checked={draft.offline}
          onChange={({ target }) => set({ offline: target.checked })}
        />
      </fieldset>
      {may('operate') && (
        <div className="row">
          <Button
            kind="main"
            disabledBecause={isClean || !isValid(draft) ? texts.nothing : null}
            onPress={() => setOpen(true)}
          >
            {texts.save}
          </Button>
          {isSaved && <span role="status">{texts.saved}</span>}
        </div>
      )}
      <ActSheet
        isOpen={isOpen}
        close={() => setOpen(false)}
        title={texts.saveTitle}
        verb={texts.save}
        act={async (why) => {
          try {
            const saved = await client.endpoints.set(base.name, {
              settings: changes,
              unchangedSince: base.updatedAt,
              ...(why && { why }),
            });
            setBase(saved);
            setDraft(draftOf(saved.settings));
            setSaved(true);
            setConflict(false);
          } catch (error) {
            if (!(error instanceof ApiError && error.status === 409)) throw error;
            setConflict(true);
          }
          await queries.invalidateQueries({ queryKey: ['endpoints'] });
        }}
      >
        <p>{texts.saveSaid}</p>
        <ul>
          {Object.entries(changes).map(([name, value]) => (
            <li key={name}>
              <code>{`${name}: ${JSON.stringify(value)}`}</code>
            </li>
          ))}
        </ul>
      </ActSheet>
    </div>
  );
}
