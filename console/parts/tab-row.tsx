import { Tabs } from '@base-ui/react/tabs';
import './tab-row.css';

/** Views of one thing. What is shown below is the caller's. */
export function TabRow<T extends string>(props: {
  label: string;
  value: T;
  tabs: readonly { value: T; text: string; count?: number | undefined }[];
  onChange: (value: T) => void;
}) {
  const { label, value, tabs, onChange } = props;
  return (
    <Tabs.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Tabs.List className="tab-row" aria-label={label} activateOnFocus>
        {tabs.map(({ value: each, text, count }) => (
          <Tabs.Tab key={each} value={each} className="tab">
            {text}
            {count !== undefined && <span className="quiet">{count}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}
