import type { Permission } from './session.tsx';
import type { Place } from './shell-texts.ts';

export interface PlaceLink {
  place: Place;
  to: string;
  /** After `G`. */
  letter: string;
  needs: Permission;
  /** Has a button of its own in the header, at every size. */
  hasButton?: true;
}

/** A line per place of the navigation, in its order. On phones the first four are tabs; the others are below More. */
export const places: readonly PlaceLink[] = [
  { place: 'home', to: '/', letter: 'h', needs: 'read' },
  { place: 'photos', to: '/photos', letter: 'p', needs: 'read' },
  { place: 'runs', to: '/runs', letter: 'r', needs: 'read' },
  { place: 'models', to: '/models', letter: 'm', needs: 'read' },
  { place: 'service', to: '/service', letter: 's', needs: 'read' },
  { place: 'watch', to: '/watch', letter: 'w', needs: 'read' },
  { place: 'review', to: '/review', letter: 'l', needs: 'label', hasButton: true },
];

/** A line per screen under the avatar. */
export const accountLinks: readonly Omit<PlaceLink, 'letter'>[] = [
  { place: 'settings', to: '/settings', needs: 'read' },
];
