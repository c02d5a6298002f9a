import { useEffect, useEffectEvent } from 'react';
import { choices } from './choices.ts';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="combobox"]'));

/** A dialog is open: its keys are its own. */
const isCovered = (target: EventTarget | null) =>
  document.querySelector('[role="dialog"], [role="alertdialog"]') !== null &&
  !(target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"]'));

/**
 * Single-key shortcuts: `{ x: select, ArrowRight: next, 'Shift+X': range }`. None while somebody types, holds Ctrl, Alt or Meta, or has switched them
 * off. Letters are those that the key writes, not its place on the keyboard. One that returns false was not meant.
 * @param options.isFirst asked before those of other components
 */
export function useKeys(
  keys: Readonly<Record<string, (event: KeyboardEvent) => unknown>>,
  { isOn = true, isFirst = false }: { isOn?: boolean; isFirst?: boolean } = {},
): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!choices().shortcuts || isTyping(event.target) || isCovered(event.target)) return;
    const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
    const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys[`${shift}${letter}`] ?? (event.shiftKey ? keys[`Shift+${event.key.toUpperCase()}`] : undefined);
    if (!act) return;
    if (act(event) !== false) event.preventDefault();
  });
  useEffect(() => {
    if (!isOn) return;
    addEventListener('keydown', press, { capture: isFirst });
    return () => removeEventListener('keydown', press, { capture: isFirst });
  }, [isOn, isFirst]);
}

/** `Ctrl+K`, or `⌘K`: works while typing too. */
export function useCommandKey(letter: string, act: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== letter || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
      return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
