import { useEffect, useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { type Neighbour, neighboursOf } from './sending.ts';
import { useSpoken } from './spoken.ts';
import { diagnoseTexts } from './texts.ts';

/** The training photos that are most like this one, for whoever the server names them to. */
export function Nearest({ ids }: { ids: readonly string[] }) {
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const [found, setFound] = useState<readonly Neighbour[]>([]);
  const key = ids.join(' ');
  useEffect(() => {
    let isShown = true;
    void neighboursOf(key.split(' ')).then((neighbours) => isShown && setFound(neighbours));
    return () => {
      isShown = false;
    };
  }, [key]);
  if (found.length === 0) return null;
  return (
    <section className="nearest">
      <h2>{texts.nearest}</h2>
      <ul>
        {found.map(({ sha256, label, address }) => (
          <li key={sha256}>
            <img src={address} alt={texts.nearestPhoto(spoken(label))} loading="lazy" />
            <span className="quiet small">{spoken(label)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
