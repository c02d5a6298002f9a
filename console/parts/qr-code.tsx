import { useEffect, useState } from 'react';

/** Squares around the code, which readers need. */
const margin = 2;

/** A QR code of an address, drawn in the colour of the text; its encoder loads when one is shown. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<{ size: number; path: string } | null>(null);
  useEffect(() => {
    let isShown = true;
    void import('uqr').then(({ encode }) => {
      const { size, data } = encode(text, { ecc: 'M', border: margin });
      const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
      if (isShown) setCode({ size, path: squares.join('') });
    });
    return () => {
      isShown = false;
    };
  }, [text]);
  if (code === null) return null;
  return (
    <svg className="qr-code" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label}>
      <rect width={code.size} height={code.size} fill="#ffffff" />
      <path d={code.path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
