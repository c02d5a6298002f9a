import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { dictionary, useTexts } from '../app/texts.ts';
import { Button } from './button.tsx';
import { TextArea } from './field.tsx';
import './sheet.css';

const sheetTexts = dictionary(
  {
    close: 'Close',
    cancel: 'Cancel',
    why: 'Why',
    whyHint: 'Kept in the timeline and the audit log, for whoever asks later.',
  },
  { close: '閉じる', cancel: 'やめる', why: '理由', whyHint: '履歴と監査ログに残り、後から確認できます。' },
);

/** A dialog: in the middle of a desktop, from below on a phone. */
export function Sheet(props: {
  isOpen: boolean;
  close: () => void;
  title: string;
  children: ReactNode;
  isWide?: boolean;
  isTitleHidden?: boolean;
}) {
  const { isOpen, close, title, children, isWide = false, isTitleHidden = false } = props;
  const texts = useTexts(sheetTexts);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-veil" />
        <Dialog.Popup className={isWide ? 'sheet sheet-wide' : 'sheet'}>
          <Dialog.Title className={isTitleHidden ? 'visually-hidden' : 'sheet-title'}>{title}</Dialog.Title>
          <div className="sheet-body">{children}</div>
          <Dialog.Close className="sheet-close" aria-label={texts.close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Before an act that cannot be taken back by a click: what changes, for whom, and why. `act` gets the reason. */
export function ActSheet(props: {
  isOpen: boolean;
  close: () => void;
  title: string;
  /** What changes, and for whom. */
  children: ReactNode;
  /** The text of the button: what it does. */
  verb: string;
  act: (why: string) => Promise<unknown>;
  /** Where the API takes no reason. */
  hasWhy?: boolean;
  disabledBecause?: string | null;
}) {
  const { isOpen, close, title, children, verb, act, hasWhy = true, disabledBecause } = props;
  const texts = useTexts(sheetTexts);
  const [why, setWhy] = useState('');
  return (
    <Sheet isOpen={isOpen} close={close} title={title}>
      <div className="stack">
        {children}
        {hasWhy && (
          <TextArea
            label={texts.why}
            hint={texts.whyHint}
            value={why}
            maxLength={500}
            onChange={({ target }) => setWhy(target.value)}
          />
        )}
        <div className="sheet-acts">
          <Button kind="quiet" onPress={close}>
            {texts.cancel}
          </Button>
          <Button
            kind="main"
            disabledBecause={disabledBecause}
            onPress={async () => {
              await act(why.trim());
              setWhy('');
              close();
            }}
          >
            {verb}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
