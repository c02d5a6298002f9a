import { type ReactNode, useState } from 'react';
import { Fault } from '../app/faults.tsx';
import { dictionary, useTexts } from '../app/texts.ts';
import './button.css';

const buttonTexts = dictionary({ undo: 'Undo', pending: 'Working…' }, { undo: '元に戻す', pending: '処理中…' });

export interface ButtonProps {
  children: ReactNode;
  /** A promise that it returns is waited for: the button is busy meanwhile, and shows the fault below itself. */
  onPress?: (() => unknown) | undefined;
  /** `main`: the one main act of a screen. */
  kind?: 'main' | 'plain' | 'quiet' | undefined;
  /** Why it cannot be pressed: it stays visible, and says so on focus and to screen readers. */
  disabledBecause?: string | null | undefined;
  type?: 'button' | 'submit' | undefined;
  /** A key that does the same, shown on it. */
  hotkey?: string | undefined;
  pending?: boolean | undefined;
  /** For those whose text says too little alone. */
  label?: string | undefined;
  pressed?: boolean | undefined;
}

export function Button(props: ButtonProps) {
  const { children, onPress, kind = 'plain', disabledBecause = null, type = 'button', hotkey, label, pressed } = props;
  const texts = useTexts(buttonTexts);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const isPending = isBusy || props.pending === true;
  const isOff = disabledBecause !== null;
  const press = async () => {
    if (isPending || isOff) return;
    setFault(null);
    const result = onPress?.();
    if (!(result instanceof Promise)) return;
    setBusy(true);
    try {
      await result;
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type={type}
        className={`button button-${kind}`}
        onClick={type === 'submit' && !onPress ? undefined : press}
        aria-disabled={isOff || isPending || undefined}
        aria-busy={isPending || undefined}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={hotkey}
        title={disabledBecause ?? undefined}
      >
        <span>{isPending ? texts.pending : children}</span>
        {hotkey && <kbd className="button-key">{hotkey}</kbd>}
        {isOff && <span className="visually-hidden">{disabledBecause}</span>}
      </button>
      {fault !== null && <Fault error={fault} />}
    </>
  );
}

/** Ten seconds to take back what was just done: `<Undo text="Excluded 3 photos" undo={...} />`. */
export function Undo({ text, undo, end }: { text: string; undo: () => unknown; end: () => void }) {
  const texts = useTexts(buttonTexts);
  return (
    <div className="undo" role="status" onAnimationEnd={end}>
      <span>{text}</span>
      <Button
        kind="quiet"
        onPress={async () => {
          await undo();
          end();
        }}
      >
        {texts.undo}
      </Button>
    </div>
  );
}
