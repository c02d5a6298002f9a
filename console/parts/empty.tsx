import type { ReactNode } from 'react';
import { Command } from './command.tsx';
import './empty.css';

/** Nothing is here yet: what to do first, with the command. */
export function Empty(props: { title: string; children?: ReactNode; command?: string | undefined }) {
  const { title, children, command } = props;
  return (
    <div className="empty">
      <span className="empty-mark" lang="ja" aria-hidden="true" />
      <h2>{title}</h2>
      {children}
      {command && <Command text={command} />}
    </div>
  );
}
