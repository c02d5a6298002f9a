import { useState } from 'react';
import { dictionary, useTexts } from '../app/texts.ts';
import { Button } from './button.tsx';
import './empty.css';

const commandTexts = dictionary({ copy: 'Copy', copied: 'Copied' }, { copy: 'コピー', copied: 'コピーしました' });

/** A command or code, to copy. */
export function Command({ text }: { text: string }) {
  const texts = useTexts(commandTexts);
  const [isCopied, setCopied] = useState(false);
  // plain HTTP to another machine has no clipboard
  const copy = navigator.clipboard && (() => navigator.clipboard.writeText(text).then(() => setCopied(true)));
  return (
    <div className="command">
      <pre>{text}</pre>
      {copy && (
        <Button kind="quiet" onPress={copy}>
          {isCopied ? texts.copied : texts.copy}
        </Button>
      )}
    </div>
  );
}
