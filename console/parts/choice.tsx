import { Select } from '@base-ui/react/select';
import './choice.css';

/** One of few: a list that opens. `label` is shown beside it, or only read out with `isLabelHidden`. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
  isLabelHidden?: boolean;
}) {
  const { label, value, options, onChange, isLabelHidden = false } = props;
  const shown = options.find((option) => option.value === value)?.text ?? value;
  return (
    <div className="choice">
      <Select.Root
        value={value}
        onValueChange={(next) => next !== null && onChange(next as T)}
        items={options.map((option) => ({ value: option.value, label: option.text }))}
      >
        {!isLabelHidden && <Select.Label className="choice-label">{label}</Select.Label>}
        <Select.Trigger className="choice-trigger" aria-label={isLabelHidden ? label : undefined}>
          <Select.Value>{shown}</Select.Value>
          <span aria-hidden="true" className="choice-mark" />
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner className="choice-place" sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className="choice-list">
              <Select.List>
                {options.map((option) => (
                  <Select.Item key={option.value} value={option.value} className="choice-option">
                    <Select.ItemText>{option.text}</Select.ItemText>
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}
