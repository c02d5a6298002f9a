import { Fragment } from 'react';
import { Sheet } from '../parts/sheet.tsx';
import type { PlaceLink } from './places.ts';
import { paletteKey, shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';

/** `?`. A screen's own keys are shown on its buttons. */
export function KeyList({
  isOpen,
  close,
  places,
}: {
  isOpen: boolean;
  close: () => void;
  places: readonly PlaceLink[];
}) {
  const texts = useTexts(shellTexts);
  const rows = [
    [paletteKey, texts.keyHelp.palette],
    ['?', texts.keyHelp.help],
    ['/', texts.keyHelp.filter],
    ...places.map(({ place, letter }) => [`G ${letter.toUpperCase()}`, texts.keyHelp.go(texts.places[place])]),
  ] as const;
  return (
    <Sheet isOpen={isOpen} close={close} title={texts.keys}>
      <dl className="key-list">
        {rows.map(([keys, text]) => (
          <Fragment key={keys}>
            <dt>
              {keys?.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
    </Sheet>
  );
}
