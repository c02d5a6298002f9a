import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from 'react';
import './field.css';

interface FieldProps {
  label: string;
  /** Below the field: what is expected. */
  hint?: ReactNode | undefined;
  /** What is wrong with what was entered, and what to do. */
  problem?: string | null | undefined;
}

function useParts({ hint, problem }: Pick<FieldProps, 'hint' | 'problem'>) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return { id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined };
}

function Around({ id, label, hint, problem, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p className="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

export function TextField(props: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const { label, hint, problem, ...input } = props;
  const parts = useParts({ hint, problem });
  return (
    <Around {...{ id: parts.id, label, hint, problem }}>
      <input className="field-input" {...input} {...parts} />
    </Around>
  );
}

export function TextArea(props: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { label, hint, problem, ...input } = props;
  const parts = useParts({ hint, problem });
  return (
    <Around {...{ id: parts.id, label, hint, problem }}>
      <textarea className="field-input" rows={3} {...input} {...parts} />
    </Around>
  );
}

/** Empty = null. @param step also of the arrow keys */
export function NumberField(
  props: FieldProps & {
    value: number | null;
    onChange: (value: number | null) => void;
    min?: number;
    max?: number;
    step?: number;
    unit?: string;
  },
) {
  const { label, hint, problem, value, onChange, unit, ...input } = props;
  const parts = useParts({ hint, problem });
  return (
    <Around {...{ id: parts.id, label, hint, problem }}>
      <span className="field-number">
        <input
          className="field-input"
          type="number"
          inputMode="decimal"
          value={value ?? ''}
          onChange={({ target }) => onChange(target.value === '' ? null : target.valueAsNumber)}
          {...input}
          {...parts}
        />
        {unit && <span className="quiet">{unit}</span>}
      </span>
    </Around>
  );
}

export function CheckField({ label, ...input }: { label: string } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="field-check">
      <input type="checkbox" {...input} />
      <span>{label}</span>
    </label>
  );
}
