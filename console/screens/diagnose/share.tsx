import { useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { exactTime } from '../../parts/when.tsx';
import { shareOf } from './sending.ts';
import type { Sheet } from './shelf.ts';
import { diagnoseTexts } from './texts.ts';

/** A signed link to this diagnosis alone, for somebody without an account; and a code on the printed page. */
export function Share({ sheet, mayShare }: { sheet: Sheet; mayShare: boolean }) {
  const texts = useTexts(diagnoseTexts);
  const language = useLanguage();
  const [link, setLink] = useState<{ url: string; until: Date } | null>(null);
  const share = async () => {
    const { path, expiresAt } = await shareOf(sheet);
    const url = `${location.origin}${path}`;
    setLink({ url, until: new Date(expiresAt) });
    // whoever closes the device's own sheet still has the link
    await navigator.share?.({ url }).catch(() => {});
  };
  return (
    <>
      {mayShare && sheet.answer !== null && link === null && (
        <p className="share-act">
          <Button onPress={share}>{texts.share}</Button>
        </p>
      )}
      {link ? (
        <section className="share">
          <p>{texts.shared(exactTime(link.until, language))}</p>
          <Command text={link.url} />
          <QrCode text={link.url} label={texts.code} />
        </section>
      ) : (
        <p className="share-printed">
          <QrCode text={`${location.origin}${location.pathname}`} label={texts.code} />
          <span>{texts.codeOfPage}</span>
        </p>
      )}
    </>
  );
}
