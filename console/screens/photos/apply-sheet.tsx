import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { TextField } from '../../parts/field.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { photosTexts } from './texts.ts';

type Exported = Awaited<ReturnType<typeof client.corrections.export>>;

/** Writes the decisions into the file that the next run reads. */
export function ApplySheet(props: { data: string; file: string | null; isOpen: boolean; close: () => void }) {
  const { data, file, isOpen, close } = props;
  const texts = useTexts(photosTexts).apply;
  const [to, setTo] = useState('corrections.jsonl');
  const [done, setDone] = useState<Exported | null>(null);
  const end = () => {
    setDone(null);
    close();
  };
  return (
    <Sheet isOpen={isOpen} close={end} title={texts.title}>
      {done ? (
        <div className="stack" role="status">
          <p>{texts.done(done.relabelled, done.excluded)}</p>
          <p className="mono small">{done.file}</p>
          {done.command !== null && (
            <>
              <p>{texts.next}</p>
              <Command text={done.command} />
            </>
          )}
        </div>
      ) : (
        <div className="stack">
          {file === null ? (
            <>
              <p>{texts.noFile}</p>
              <TextField label={texts.file} value={to} onChange={({ target }) => setTo(target.value)} />
            </>
          ) : (
            <p>{texts.body(file)}</p>
          )}
          <div className="sheet-acts">
            <Button
              kind="main"
              onPress={async () => setDone(await client.corrections.export({ data, ...(file === null && { to }) }))}
            >
              {texts.verb}
            </Button>
          </div>
        </div>
      )}
    </Sheet>
  );
}
