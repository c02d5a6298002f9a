import type { ReactNode } from 'react';
import { Command } from './command.tsx';
import './empty.css';

/** The product's name as it is written in Japanese. */
const mark = '見立て';

/** Nothing is here yet: what to do first, with the command. */
export function Empty(props: { title: string; children?: ReactNode; command?: string | undefined }) {
  const { title, children, command } = props;
  return (
    <div className="empty">
      <span className="empty-mark" lang="ja" aria-hidden="true">
        {mark}
      </span>
      <h2>{title}</h2>
      {children}
      {command && <Command text={command} />}
    </div>
  );
}
