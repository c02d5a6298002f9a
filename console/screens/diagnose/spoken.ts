import { createContext, useContext } from 'react';
import { useLanguage } from '../../app/choices.ts';
import type { Capture } from './shelf.ts';

/** Of the endpoint; one that a device kept before there were names has none. */
export const DisplayNames = createContext<Capture['displayNames'] | undefined>(undefined);

/** A label as people read it: its display name, else the name of a folder, which has underscores for spaces. */
export function useSpoken(): (label: string) => string {
  const language = useLanguage();
  const names = useContext(DisplayNames);
  return (label) => names?.[label]?.[language] ?? label.replaceAll('_', ' ');
}
