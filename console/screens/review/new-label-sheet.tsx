import { type FormEvent, useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { reviewTexts } from './texts.ts';

export function NewLabelSheet(props: { isOpen: boolean; close: () => void; save: (label: string) => Promise<void> }) {
  const { isOpen, close, save } = props;
  const texts = useTexts(reviewTexts);
  const [typed, setTyped] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const label = typed.normalize('NFC').trim();
    if (label === '') return;
    close();
    setTyped('');
    await save(label);
  };
  return (
    <Sheet isOpen={isOpen} close={close} title={texts.newLabelTitle}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={texts.label}
          hint={texts.newLabelHint}
          value={typed}
          maxLength={256}
          required
          onChange={({ target }) => setTyped(target.value)}
        />
        <div className="sheet-acts">
          <Button kind="main" type="submit">
            {texts.save}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
