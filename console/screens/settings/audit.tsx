import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TextField } from '../../parts/field.tsx';
import { When } from '../../parts/when.tsx';
import { type AuditEntry, auditQuery } from './data.ts';
import { settingsTexts } from './texts.ts';

const route = getRouteApi('/settings');
/** First parts of the names of actions. */
const kinds = [
  'alert',
  'channel',
  'correction',
  'endpoint',
  'feedback',
  'key',
  'label',
  'model',
  'monitor',
  'promotion',
  'release',
  'review',
  'run',
  'secret',
  'session',
  'trigger',
  'user',
] as const;
const any = 'any';

export function Audit() {
  const texts = useTexts(settingsTexts);
  const { who, action } = route.useSearch();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(auditQuery({ who, action }));
  const rows = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <Filter key={`${who} ${action}`} />
      {error && !rows && <Fault error={error} retry={refetch} />}
      {rows?.length === 0 && (
        <Empty title={texts.audit.empty}>
          <p>{texts.audit.emptyLead}</p>
        </Empty>
      )}
      {rows && rows.length > 0 && <Entries rows={rows} />}
      {hasNextPage && (
        <div>
          <Button onPress={fetchNextPage}>{texts.more}</Button>
        </div>
      )}
    </>
  );
}

function Filter() {
  const texts = useTexts(settingsTexts);
  const navigate = useNavigate();
  const search = route.useSearch();
  const [who, setWho] = useState(search.who ?? '');
  const go = (change: { who?: string; action?: string }) =>
    navigate({
      to: '/settings',
      search: {
        tab: 'audit',
        who: (change.who ?? who).trim() || undefined,
        action: (change.action ?? search.action) || undefined,
      },
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void go({});
  };
  return (
    <form className="settings-filter" onSubmit={submit}>
      <TextField
        label={texts.audit.who}
        hint={texts.audit.whoHint}
        autoCapitalize="none"
        value={who}
        onChange={({ target }) => setWho(target.value)}
      />
      <Choice
        label={texts.audit.what}
        value={search.action ?? any}
        options={[any, ...kinds].map((value) => ({ value, text: value === any ? texts.audit.any : value }))}
        onChange={(value) => go({ action: value === any ? '' : value })}
      />
      <Button type="submit">{texts.filter}</Button>
    </form>
  );
}

function Entries({ rows }: { rows: readonly AuditEntry[] }) {
  const { audit: texts, tabs } = useTexts(settingsTexts);
  return (
    <DataTable
      label={tabs.audit}
      rows={rows}
      keyOf={({ seq }) => seq}
      columns={[
        { key: 'when', title: texts.when, cell: ({ at }) => <When at={at} /> },
        { key: 'who', title: texts.who, cell: ({ who }) => who },
        { key: 'what', title: texts.what, cell: ({ action }) => <code>{action}</code> },
        {
          key: 'subject',
          title: texts.subject,
          cell: ({ subject }) => <span className="settings-clip">{subject}</span>,
        },
        { key: 'why', title: texts.why, cell: ({ details }) => <span className="settings-clip">{said(details)}</span> },
        {
          key: 'from',
          title: texts.from,
          cell: ({ door, address }) => (
            <span className="quiet">{[door && texts.doors[door], address].filter(Boolean).join(' · ')}</span>
          ),
        },
      ]}
    />
  );
}

/** The reason first, then the rest as it was recorded. */
function said({ why, ...rest }: AuditEntry['details']): string {
  const others = Object.entries(rest).flatMap(([key, value]) =>
    value === null || value === undefined
      ? []
      : [`${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}`],
  );
  return [...(typeof why === 'string' ? [why] : []), ...others].join('; ');
}
