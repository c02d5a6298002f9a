import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { TextArea, TextField } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { type Pipeline, pipelineQuery, pipelinesQuery, type StepParameter } from './data.ts';
import { runTexts } from './texts.ts';

/** A form made of the parameters of a pipeline. @param pipeline chosen before; '' = none */
export function StartSheet({ pipeline, close }: { pipeline: string; close: () => void }) {
  const texts = useTexts(runTexts);
  const { data: pipelines, error } = useQuery(pipelinesQuery);
  const [chosen, setChosen] = useState(pipeline);
  const startable = pipelines?.filter(({ isStartable }) => isStartable) ?? [];
  const name = chosen || startable[0]?.pipeline;
  return (
    <Sheet isOpen close={close} title={texts.startTitle}>
      <div className="stack">
        {error && <Fault error={error} />}
        {startable.length > 0 && name !== undefined && (
          <Choice
            label={texts.pipeline}
            value={name}
            options={startable.map(({ pipeline: value, file }) => ({
              value,
              // the folders that tell it from others of the name
              text: file !== null && file !== value ? `${value} (${file.split('/').slice(-2).join('/')})` : value,
            }))}
            onChange={setChosen}
          />
        )}
        {pipelines && startable.length === 0 && <p>{texts.emptyLead}</p>}
        {name !== undefined && <ParameterForm key={name} pipeline={name} close={close} />}
      </div>
    </Sheet>
  );
}

function ParameterForm({ pipeline, close }: { pipeline: string; close: () => void }) {
  const texts = useTexts(runTexts);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(pipelineQuery(pipeline));
  const [given, setGiven] = useState<Record<string, string>>({});
  const [note, setNote] = useState('');
  const [isTried, setTried] = useState(false);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  const problems = isTried ? problemsOf(data, given, texts) : {};
  const start = async () => {
    setTried(true);
    const [first] = Object.keys(problemsOf(data, given, texts));
    if (first !== undefined) {
      document.getElementById(`parameter-${first}`)?.querySelector('input')?.focus();
      return;
    }
    const parameters = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    await client.runs.start({ pipeline, parameters, ...(note !== '' && { note }) });
    await queries.invalidateQueries({ queryKey: ['runs'] });
    close();
    await navigate({ to: '/runs' });
  };
  return (
    <div className="stack">
      {data.parameters.length === 0 && <p className="quiet">{texts.noParameters}</p>}
      {data.parameters.map((parameter) => (
        <div id={`parameter-${parameter.name}`} key={parameter.name}>
          <ParameterField
            parameter={parameter}
            value={given[parameter.name] ?? ''}
            problem={problems[parameter.name] ?? null}
            onChange={(value) => setGiven({ ...given, [parameter.name]: value })}
          />
        </div>
      ))}
      <TextArea
        label={texts.note}
        hint={texts.noteHint}
        value={note}
        maxLength={2_000}
        onChange={({ target }) => setNote(target.value)}
      />
      <div className="sheet-acts">
        <Button kind="main" onPress={start}>
          {texts.startNow}
        </Button>
      </div>
    </div>
  );
}

interface ParameterFieldProps {
  parameter: StepParameter;
  /** '' = the default. */
  value: string;
  problem: string | null;
  onChange: (value: string) => void;
}

function ParameterField({ parameter, value, problem, onChange }: ParameterFieldProps) {
  const texts = useTexts(runTexts);
  const { name, type, isRequired, choices, description } = parameter;
  const usual = parameter.default === null ? null : texts.usual(textOf(parameter.default));
  const label = isRequired ? `${name} (${texts.required})` : name;
  const options =
    type === 'boolean'
      ? [
          { value: 'true', text: texts.yes },
          { value: 'false', text: texts.no },
        ]
      : choices?.map((each) => ({ value: each, text: each }));
  const hint = [description, usual].filter(Boolean).join(' ');
  if (options) {
    const without = isRequired ? [] : [{ value: '', text: usual ?? texts.none }];
    return (
      <div className="field">
        <Choice label={label} value={value} options={[...without, ...options]} onChange={onChange} />
        {description && <p className="field-hint">{description}</p>}
        {problem && <p className="field-problem">{problem}</p>}
      </div>
    );
  }
  return (
    <TextField
      label={label}
      hint={hint || undefined}
      problem={problem}
      value={value}
      spellCheck={false}
      inputMode={type === 'integer' ? 'numeric' : type === 'number' ? 'decimal' : undefined}
      placeholder={parameter.default === null ? undefined : textOf(parameter.default)}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function problemsOf(
  { parameters }: Pipeline,
  given: Record<string, string>,
  texts: { missing: string; whole: string; number: string },
): Record<string, string> {
  const found = parameters.flatMap(({ name, type, isRequired }) => {
    const value = (given[name] ?? '').trim();
    if (value === '') return isRequired ? [[name, texts.missing]] : [];
    if (type === 'integer' && !/^[+-]?\d+$/.test(value)) return [[name, texts.whole]];
    if (type === 'number' && !Number.isFinite(Number(value))) return [[name, texts.number]];
    return [];
  });
  return Object.fromEntries(found);
}
