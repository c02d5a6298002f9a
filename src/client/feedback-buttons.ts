import { ApiError } from './api-error.ts';
import type { Resources } from './resources.ts';

/** The part of `HTMLElement` that the buttons need, so that the types need no DOM library. */
export interface PageElement {
  readonly ownerDocument: { createElement(name: string): PageElement };
  textContent: string | null;
  /** `never`: a DOM element takes nodes, which this type does not know. */
  replaceChildren(...children: never[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: 'click', listener: () => void): void;
}

export interface FeedbackButtonsOptions {
  /** Id of the prediction. */
  id: string;
  /** Labels to choose from after "wrong". Absent: only the verdict is sent. */
  answers?: readonly string[] | undefined;
  /** Default: English. */
  texts?: Partial<FeedbackTexts> | undefined;
  /** Called after the feedback was saved. */
  onSaved?: ((feedback: GivenFeedback) => void) | undefined;
  /** @deprecated Use `onSaved`; until 0.3. */
  onSaid?: ((feedback: GivenFeedback) => void) | undefined;
}

export type GivenFeedback = { verdict: 'right' | 'wrong' } | { label: string };

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
  failed: 'Could not be saved: ',
};

/** Shows "right" and "wrong" buttons for a prediction. Without styles: each part has a class `mitate-feedback-...`. */
export function feedbackButtons(
  client: Pick<Resources, 'feedback'>,
  place: PageElement,
  { id, answers = [], texts, onSaid, onSaved = onSaid }: FeedbackButtonsOptions,
): void {
  const words = { ...english, ...texts };
  const show = (...children: PageElement[]) => place.replaceChildren(...(children as never[]));
  const make = (name: string, part: string, text: string): PageElement => {
    const element = place.ownerDocument.createElement(name);
    element.setAttribute('class', `mitate-feedback-${part}`);
    element.textContent = text;
    return element;
  };
  const status = make('p', 'status', '');
  status.setAttribute('role', 'status');
  let isSending = false;
  const send = async (given: GivenFeedback) => {
    // pressing twice is one entry
    if (isSending) return;
    isSending = true;
    const entry = 'label' in given ? { kind: 'label' as const, ...given } : { kind: 'verdict' as const, ...given };
    try {
      await client.feedback.add({ id, ...entry }, { source: 'widget' });
    } catch (error) {
      isSending = false;
      status.textContent = words.failed + (error instanceof ApiError ? error.message : String(error));
      return;
    }
    status.textContent = words.thanks;
    show(status);
    onSaved?.(given);
  };
  const button = (text: string, part: string, press: () => void) => {
    const element = make('button', part, text);
    element.setAttribute('type', 'button');
    element.addEventListener('click', press);
    return element;
  };
  const ask = (question: string, ...choices: PageElement[]) =>
    show(make('span', 'question', question), ...choices, status);
  const choices = () => answers.map((label) => button(label, 'label', () => void send({ label })));
  const wrong = () => (answers.length > 0 ? ask(words.which, ...choices()) : void send({ verdict: 'wrong' }));
  ask(
    words.question,
    button(words.right, 'right', () => void send({ verdict: 'right' })),
    button(words.wrong, 'wrong', wrong),
  );
}
