import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { Sheet } from '../parts/sheet.tsx';
import { useGo } from '../parts/to.tsx';
import { type Choices, choose } from './choices.ts';
import { Fault } from './faults.tsx';
import { useFound } from './palette-search.ts';
import { paletteTexts } from './palette-texts.ts';
import { accountLinks, type PlaceLink } from './places.ts';
import { useMay } from './session.tsx';
import { shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';
import './palette.css';

interface Entry {
  key: string;
  text: string;
  /** What else finds it. */
  group: string;
  act: () => unknown;
}

interface PaletteProps {
  isOpen: boolean;
  close: () => void;
  places: readonly PlaceLink[];
}

/** `Ctrl+K`: pages and choices, found by a part of their name; and what the server has of that name or id. */
export function Palette(props: PaletteProps) {
  const texts = useTexts(shellTexts);
  return (
    <Sheet isOpen={props.isOpen} close={props.close} title={texts.palette} isTitleHidden>
      <Finder {...props} />
    </Sheet>
  );
}

function Finder({ close, places }: PaletteProps) {
  const texts = useTexts(shellTexts);
  const { kinds, of, searching } = useTexts(paletteTexts);
  const go = useGo();
  const id = useId();
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const { found, isSearching, error, retry } = useFound(sought);
  const entries = [
    ...useEntries(places).filter(({ text, group }) => matches(`${text} ${group}`, sought)),
    ...found.map(({ kind, id, title, detail, href }) => ({
      key: `${kind} ${id} ${detail}`,
      text: title,
      group: detail ? of(kinds[kind], detail) : kinds[kind],
      act: () => go(href),
    })),
  ];
  const chosen = Math.min(at, entries.length - 1);
  const act = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) setAt((chosen + step + entries.length) % entries.length);
    else if (event.key === 'Enter') act(entries[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette">
      <input
        className="palette-input"
        placeholder={texts.search}
        aria-label={texts.palette}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
        value={sought}
        onChange={({ target }) => {
          setSought(target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={texts.palette} className="palette-list">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input, which keeps the focus
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="palette-entry"
            onPointerMove={() => setAt(index)}
            onClick={() => act(entry)}
          >
            <bdi className="palette-text">{entry.text}</bdi>
            <bdi className="palette-text quiet small">{entry.group}</bdi>
          </div>
        ))}
      </div>
      {error && <Fault error={error} retry={retry} />}
      {(isSearching || (entries.length === 0 && !error)) && (
        <p className="quiet" role="status">
          {isSearching ? searching : texts.noMatch}
        </p>
      )}
    </div>
  );
}

function useEntries(places: readonly PlaceLink[]): Entry[] {
  const texts = useTexts(shellTexts);
  const may = useMay();
  const navigate = useNavigate();
  const pages = [...places, ...accountLinks.filter(({ needs }) => may(needs))].map(({ place, to }) => ({
    key: to,
    text: texts.places[place],
    group: to,
    act: () => navigate({ to }),
  }));
  const choice = (group: string, text: string, changed: Partial<Choices>) => ({
    key: `${group} ${text}`,
    group,
    text,
    act: () => choose(changed),
  });
  return [
    ...pages,
    choice(texts.language, texts.languages.en, { language: 'en' }),
    choice(texts.language, texts.languages.ja, { language: 'ja' }),
    choice(texts.theme, texts.themes.light, { theme: 'light' }),
    choice(texts.theme, texts.themes.dark, { theme: 'dark' }),
    choice(texts.theme, texts.themes.system, { theme: null }),
  ];
}

/** Every word occurs. */
function matches(text: string, sought: string): boolean {
  const plain = text.normalize('NFKC').toLowerCase();
  return sought
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => plain.includes(word));
}
