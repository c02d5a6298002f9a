import type { ReactNode } from 'react';

/** One stop of the path; the one that was asked about is filled. */
export function Station(props: { name: string; isSubject?: boolean; children: ReactNode }) {
  const { name, isSubject = false, children } = props;
  return (
    <li className={isSubject ? 'station station-subject' : 'station'} aria-current={isSubject ? 'true' : undefined}>
      <h2 className="station-name">{name}</h2>
      <div className="station-body">{children}</div>
    </li>
  );
}
