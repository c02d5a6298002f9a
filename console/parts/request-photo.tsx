import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../app/client.ts';
import './request-photo.css';

/** The kept photo of a logged prediction; an empty frame when it was not kept. */
export function RequestPhoto({
  id,
  isKept,
  alt,
  isLarge = false,
}: {
  id: string;
  isKept: boolean;
  alt: string;
  isLarge?: boolean;
}) {
  const { data } = useQuery({
    queryKey: ['photo', id],
    queryFn: () => client.requests.photo(id),
    enabled: isKept,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return (
    <span className={isLarge ? 'request-photo request-photo-large' : 'request-photo'}>
      {address && <img src={address} alt={alt} loading="lazy" />}
    </span>
  );
}
