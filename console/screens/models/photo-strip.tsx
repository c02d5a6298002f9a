import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
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

/** Photos of a data set with a line each, some at a time. Each opens its sheet. */
export function PhotoStrip({ data, photos }: { data: string; photos: readonly StripPhoto[] }) {
  const texts = useTexts(modelTexts);
  const open = useOpen(data);
  const [most, setMost] = useState(step);
  if (photos.length === 0) return <p className="quiet">{texts.noPhotos}</p>;
  return (
    <>
      <ul className="strip">
        {photos.slice(0, most).map(({ sha256, said, note }) => (
          <li key={sha256}>
            <button type="button" className="strip-photo" onClick={() => open(sha256)}>
              <StoredPhoto sha256={sha256} data={data} size={320} alt={said} />
            </button>
            <span className="small">{said}</span>
            {note && <span className="small quiet">{note}</span>}
          </li>
        ))}
      </ul>
      {photos.length > most && <Button onPress={() => setMost(most + step)}>{texts.more}</Button>}
    </>
  );
}

/** The sheet of the photo in the data set; of one that is no longer the newest, what is known of its origin. */
function useOpen(data: string) {
  const navigate = useNavigate();
  return async (sha256: string) => {
    const known = await client.data.photo(sha256).catch(() => null);
    const found = known?.data.find(({ examples }) => examples === data);
    if (found) await navigate({ to: '/photos', search: { data, photo: found.photo.at } });
    else await navigate({ to: '/lineage', search: { of: sha256 } });
  };
}
