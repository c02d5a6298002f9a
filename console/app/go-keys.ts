import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useKeys } from './keys.ts';
import type { PlaceLink } from './places.ts';

const pairMs = 1_500;

/** `G`, then a letter. */
export function useGoKeys(places: readonly PlaceLink[]): void {
  const navigate = useNavigate();
  const pressedAt = useRef(0);
  const letters = places.map(({ letter, to }) => {
    const go = () => {
      if (performance.now() - pressedAt.current > pairMs) return false;
      pressedAt.current = 0;
      return navigate({ to });
    };
    return [letter, go] as const;
  });
  const begin = () => {
    pressedAt.current = performance.now();
  };
  useKeys({ ...Object.fromEntries(letters), g: begin }, { isFirst: true });
}
