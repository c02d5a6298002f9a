import { ApiError } from './api-error.ts';
import type { Resources } from './resources.ts';

/** What the buttons need of a page: every `HTMLElement` is one. */
export interface PageElement {
  readonly ownerDocument: { createElement(name: string): PageElement };
  textContent: string | null;
  append(...children: PageElement[]): void;
  replaceChildren(...children: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: 'click', listener: () => void): void;
}

export interface FeedbackButtonsOptions {
  /** Of the prediction. */
  id: string;
  /** What it may be called instead: asked for after "wrong". Absent: the verdict is all. */
  answers?: readonly string[] | undefined;
  /** Default: English. */
  texts?: Partial<FeedbackTexts> | undefined;
  /** After it was taken. */
  onSaid?: ((said: { verdict: 'right' | 'wrong' } | { label: string }) => void) | undefined;
}

export interface FeedbackTexts {
  question: string;
  right: string;
  wrong: string;
  which: string;
  thanks: string;
  failed: string;
}

const english: FeedbackTexts = {
  question: 'Was this right?',
  right: 'Right',
  wrong: 'Wrong',
  which: 'What does it show?',
  thanks: 'Thank you.',
  failed: 'That did not work: ',
};

/** Puts "right" and "wrong" under an answer. No styles of its own: each part has a class `mitate-feedback-...`. */
export function feedbackButtons(
  client: Pick<Resources, 'feedback'>,
  place: PageElement,
  { id, answers = [], texts, onSaid }: FeedbackButtonsOptions,
): void {
  const words = { ...english, ...texts };
  const make = (name: string, part: string, text: string): PageElement => {
    const element = place.ownerDocument.createElement(name);
    element.setAttribute('class', `mitate-feedback-${part}`);
    element.textContent = text;
    return element;
  };
  const status = make('p', 'status', '');
  status.setAttribute('role', 'status');
  let isSending = false;
  const say = async (says: { verdict: 'right' | 'wrong' } | { label: string }) => {
    // a second press while the first is on its way is no second word
    if (isSending) return;
    isSending = true;
    const said = 'label' in says ? { kind: 'label' as const, ...says } : { kind: 'verdict' as const, ...says };
    try {
      await client.feedback.add({ id, ...said }, { source: 'widget' });
    } catch (error) {
      isSending = false;
      status.textContent = words.failed + (error instanceof ApiError ? error.message : String(error));
      return;
    }
    status.textContent = words.thanks;
    place.replaceChildren(status);
    onSaid?.(says);
  };
  const button = (text: string, part: string, press: () => void) => {
    const element = make('button', part, text);
    element.setAttribute('type', 'button');
    element.addEventListener('click', press);
    return element;
  };
  const ask = (question: string, ...choices: PageElement[]) =>
    place.replaceChildren(make('span', 'question', question), ...choices, status);
  const choices = () => answers.map((label) => button(label, 'label', () => void say({ label })));
  const wrong = () => (answers.length > 0 ? ask(words.which, ...choices()) : void say({ verdict: 'wrong' }));
  ask(
    words.question,
    button(words.right, 'right', () => void say({ verdict: 'right' })),
    button(words.wrong, 'wrong', wrong),
  );
}
