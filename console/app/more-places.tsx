import { Menu } from '@base-ui/react/menu';
import { useLocation, useNavigate } from '@tanstack/react-router';
import type { PlaceLink } from './places.ts';
import { shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';

/** The places of the navigation that have no tab on a phone. */
export function MorePlaces({ places }: { places: readonly PlaceLink[] }) {
  const texts = useTexts(shellTexts);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const isHere = places.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <Menu.Root>
      <Menu.Trigger className="shell-place" aria-current={isHere ? 'page' : undefined}>
        {texts.more}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" side="top" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
            {places.map(({ place, to }) => (
              <Menu.Item key={place} className="menu-item" onClick={() => navigate({ to })}>
                {texts.places[place]}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
