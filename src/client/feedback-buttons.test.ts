import { expect, it } from 'vitest';
import { feedbackButtons, type PageElement } from './feedback-buttons.ts';

/** What the buttons use of a page. */
class Element implements PageElement {
  readonly ownerDocument = { createElement: () => new Element() };
  textContent: string | null = null;
  children: Element[] = [];
  press: () => void = () => {};
  append(...children: Element[]): void {
    this.children.push(...children);
  }
  replaceChildren(...children: Element[]): void {
    this.children = children;
  }
  setAttribute(): void {}
  addEventListener(_type: 'click', listener: () => void): void {
    this.press = listener;
  }
  find(text: string): Element {
    return this.children.find(({ textContent }) => textContent === text)!;
  }
}

it('two quick presses send one entry; after a failure a press sends again', async () => {
  const place = new Element();
  const sent: object[] = [];
  let fails = true;
  const add = async (entry: object) => {
    sent.push(entry);
    if (fails) throw new Error('no network');
  };
  feedbackButtons({ feedback: { add } } as unknown as Parameters<typeof feedbackButtons>[0], place, { id: 'a' });
  const right = place.find('Right');
  right.press();
  right.press();
  await expect.poll(() => place.children.at(-1)!.textContent).toBe('Could not be saved: Error: no network');
  expect(sent).toHaveLength(1);
  fails = false;
  right.press();
  right.press();
  await expect.poll(() => place.children[0]!.textContent).toBe('Thank you.');
  expect(sent).toEqual([
    { id: 'a', kind: 'verdict', verdict: 'right' },
    { id: 'a', kind: 'verdict', verdict: 'right' },
  ]);
});
