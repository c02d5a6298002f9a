import { Popover } from '@base-ui/react/popover';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { CheckField } from '../parts/field.tsx';
import { type Choices, choose, useChoices } from './choices.ts';
import { chooseProject, client } from './client.ts';
import { accountLinks } from './places.ts';
import { useMay, useMe } from './session.tsx';
import { shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';
import '../parts/menu.css';

/** Who is signed in, how the console looks, the project, and the way out. */
export function Account() {
  const texts = useTexts(shellTexts);
  const me = useMe();
  const may = useMay();
  const { language, theme, shortcuts } = useChoices();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const name = me.who.replace(/^\w+:/, '');
  // also at the server, for other devices; this one has it already
  const keep = (changed: Partial<Choices>) => {
    choose(changed);
    void client.preferences.set({ language, theme, shortcuts, ...changed }).catch(() => {});
  };
  const leave = async () => {
    await client.sessions.signOut();
    chooseProject(null);
    queries.clear();
    await navigate({ to: '/sign-in', search: {} });
  };
  return (
    <Popover.Root>
      <Popover.Trigger className="account" aria-label={texts.account(name)}>
        {name.slice(0, 1).toUpperCase()}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-place" align="end" sideOffset={8}>
          <Popover.Popup className="menu account-sheet">
            <p className="account-who">
              <strong>{name}</strong>
              <span className="quiet small">{me.project}</span>
            </p>
            <Projects />
            <Choice
              label={texts.language}
              value={language ?? 'system'}
              options={(['system', 'en', 'ja'] as const).map((value) => ({ value, text: texts.languages[value] }))}
              onChange={(value) => keep({ language: value === 'system' ? null : value })}
            />
            <Choice
              label={texts.theme}
              value={theme ?? 'system'}
              options={(['system', 'light', 'dark'] as const).map((value) => ({ value, text: texts.themes[value] }))}
              onChange={(value) => keep({ theme: value === 'system' ? null : value })}
            />
            <CheckField
              label={texts.shortcuts}
              checked={shortcuts}
              onChange={({ target }) => keep({ shortcuts: target.checked })}
            />
            {accountLinks
              .filter(({ needs }) => may(needs))
              .map(({ place, to }) => (
                <Popover.Close key={place} className="menu-item" onClick={() => navigate({ to })}>
                  {texts.places[place]}
                </Popover.Close>
              ))}
            {me.kind !== 'local' && <Button onPress={leave}>{texts.signOut}</Button>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Only those who may see several. */
function Projects() {
  const texts = useTexts(shellTexts);
  const me = useMe();
  const queries = useQueryClient();
  if (me.projects.length < 2) return null;
  return (
    <Choice
      label={texts.project}
      value={me.project}
      options={me.projects.map((value) => ({ value, text: value }))}
      onChange={(value) => {
        chooseProject(value);
        void queries.resetQueries();
      }}
    />
  );
}
