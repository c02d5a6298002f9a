import { useState } from 'react';
import { dictionary, useTexts } from '../../app/texts.ts';
import './data-photo.css';

const photoTexts = dictionary({ gone: 'Photo not stored' }, { gone: '写真なし' });

/** A photo of a data set. One that is gone or erased says so. @param data id of its Examples */
export function DataPhoto(props: { sha256: string; data: string; size: 160 | 320 | 1280; alt: string }) {
  const { sha256, data, size, alt } = props;
  const texts = useTexts(photoTexts);
  const src = `/api/v1/photos/${sha256}/image?${new URLSearchParams({ size: String(size), data })}`;
  const [gone, setGone] = useState<string | null>(null);
  if (gone === src)
    return (
      <span className="data-photo data-photo-gone" role="img" aria-label={`${alt} ${texts.gone}`}>
        {texts.gone}
      </span>
    );
  return (
    <img
      className="data-photo"
      src={src}
      alt={alt}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setGone(src)}
    />
  );
}
