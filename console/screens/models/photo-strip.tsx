import { useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import { modelTexts } from './texts.ts';
import './photo-strip.css';

export interface StripPhoto {
  sha256: string;
  /** Below it. */
  said: string;
  note?: string;
}

const step = 24;

/** Photos of a data set with a line each, some at a time. */
export function PhotoStrip({ data, photos }: { data: string; photos: readonly StripPhoto[] }) {
  const texts = useTexts(modelTexts);
  const [most, setMost] = useState(step);
  if (photos.length === 0) return <p className="quiet">{texts.noPhotos}</p>;
  return (
    <>
      <ul className="strip">
        {photos.slice(0, most).map(({ sha256, said, note }) => (
          <li key={sha256}>
            <span className="strip-photo">
              <StoredPhoto sha256={sha256} data={data} size={320} alt={said} />
            </span>
            <span className="small">{said}</span>
            {note && <span className="small quiet">{note}</span>}
          </li>
        ))}
      </ul>
      {photos.length > most && <Button onPress={() => setMost(most + step)}>{texts.more}</Button>}
    </>
  );
}
