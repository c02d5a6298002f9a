import { useEffect, useState } from 'react';
import { chosenProject, client } from '../app/client.ts';
import { dictionary, useTexts } from '../app/texts.ts';
import './stored-photo.css';

const photoTexts = dictionary({ gone: 'Photo not stored' }, { gone: '写真なし' });

interface Source {
  /** Of its bytes. */
  sha256: string;
  /** Data set that has it. */
  data: string;
  size: 160 | 320 | 1280;
}

export function addressOf({ sha256, data, size }: Source): string {
  return `/api/v1/photos/${sha256}/image?${new URLSearchParams({ size: String(size), data })}`;
}

/** A photo of a data set, on its mean colour until it is here. One that is gone or erased says so. */
export function StoredPhoto({ alt, colour, ...source }: Source & { alt: string; colour?: string | undefined }) {
  const load = () => client.data.image(source.sha256, { data: source.data, size: String(source.size) as '160' });
  return <LoadedPhoto address={addressOf(source)} load={load} alt={alt} colour={colour} />;
}

/** The kept photo of a prediction. */
export function RequestPhoto({ request, alt }: { request: string; alt: string }) {
  const address = requestPhotoAddress(request);
  return <LoadedPhoto address={address} load={() => client.requests.photo(request)} alt={alt} />;
}

export const requestPhotoAddress = (request: string) => `/api/v1/requests/${request}/photo`;

interface LoadedProps {
  address: string;
  load: () => Promise<Blob>;
  alt: string;
  colour?: string | undefined;
}

function LoadedPhoto({ address, load, alt, colour }: LoadedProps) {
  const texts = useTexts(photoTexts);
  const [gone, setGone] = useState<string | null>(null);
  // an <img> sends no header, and the project is named in one
  const source = useObjectUrl(address, chosenProject() === null ? null : load, () => setGone(address));
  if (gone === address)
    return (
      <span className="stored-photo stored-photo-gone" role="img" aria-label={`${alt}: ${texts.gone}`}>
        {texts.gone}
      </span>
    );
  return (
    <img
      className="stored-photo"
      src={source}
      alt={alt}
      decoding="async"
      draggable={false}
      style={colour === undefined ? undefined : { backgroundColor: colour }}
      onError={() => setGone(address)}
    />
  );
}

/** The address itself, or of the loaded bytes. */
function useObjectUrl(address: string, load: (() => Promise<Blob>) | null, fail: () => void): string | undefined {
  const [loaded, setLoaded] = useState<{ address: string; url: string }>();
  const isLoaded = load !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says all that `load` depends on
  useEffect(() => {
    if (!load) return;
    let url: string | undefined;
    let isEnded = false;
    load().then(
      (blob) => {
        if (isEnded) return;
        url = URL.createObjectURL(blob);
        setLoaded({ address, url });
      },
      () => !isEnded && fail(),
    );
    return () => {
      isEnded = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [address, isLoaded]);
  if (!isLoaded) return address;
  return loaded?.address === address ? loaded.url : undefined;
}
