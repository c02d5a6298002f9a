import { useRef, useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { dropped, type Found, foundIn, type Gathered, gather, nothing } from './gather.ts';
import { uploadTexts } from './texts.ts';

/** By dropping, or by the dialogs of the system. */
export function Choose({ gathered, choose }: { gathered: Gathered; choose: (gathered: Gathered) => void }) {
  const texts = useTexts(uploadTexts);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isReading, setReading] = useState(false);
  const hasChosen = gathered !== nothing;
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const take = async (found: readonly Found[] | Promise<readonly Found[]>) => {
    setReading(true);
    try {
      choose(await gather(gathered, await found));
    } finally {
      setReading(false);
    }
  };
  const input = (chosen: HTMLInputElement) => {
    if (chosen.files && chosen.files.length > 0) void take(foundIn(chosen.files));
    // the same ones may be chosen again
    chosen.value = '';
  };
  return (
    <section className="upload-part">
      <h2>{texts.choose}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it do the same */}
      <div
        className={isOver ? 'upload-drop upload-over' : 'upload-drop'}
        aria-busy={isReading || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(dropped(event.dataTransfer));
        }}
      >
        <p className="upload-drop-lead">{isReading ? texts.reading : isTouch ? texts.tap : texts.drop}</p>
        <p className="quiet small">{texts.dropHint}</p>
        <div className="row">
          <Button onPress={() => files.current?.click()}>{texts.photos}</Button>
          <Button onPress={() => folder.current?.click()}>{texts.folder}</Button>
          {hasChosen && (
            <Button kind="quiet" onPress={() => choose(nothing)}>
              {texts.again}
            </Button>
          )}
        </div>
        <input
          ref={files}
          className="visually-hidden"
          type="file"
          multiple
          accept=".jpg,.jpeg,.png,.webp,.zip,.csv,.tsv,image/jpeg,image/png,image/webp"
          aria-label={texts.photos}
          tabIndex={-1}
          onChange={({ target }) => input(target)}
        />
        <input
          ref={folder}
          className="visually-hidden"
          type="file"
          webkitdirectory=""
          aria-label={texts.folder}
          tabIndex={-1}
          onChange={({ target }) => input(target)}
        />
      </div>
    </section>
  );
}
