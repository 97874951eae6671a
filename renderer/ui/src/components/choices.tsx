/** Ways to choose: one of a few in a row, some as cards, some of many as chips, and a switch. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon, type IconName } from "./icons";

export interface Option<T> {
  value: T;
  label: string;
}

export interface SegmentsProps<T> {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few: radio buttons that look like one control. */
export function Segments<T>({ label, options, value, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset class="segments-field">
      <legend>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.label} class="segment">
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface OptionCardProps {
  /** All cards of one name are one choice. */
  group: string;
  icon: IconName;
  title: string;
  text: string;
  on: boolean;
  choose: () => void;
}

/** One of a few, each with a picture and what it means. */
export function OptionCard({ group, icon, title, text, on, choose }: OptionCardProps) {
  return (
    <label class="option-card">
      <input type="radio" name={group} aria-label={title} checked={on} onChange={choose} />
      <span class="option-icon">
        <Icon name={icon} size={22} />
      </span>
      <span class="option-text">
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
    </label>
  );
}

export interface ChipProps {
  on: boolean;
  onToggle: () => void;
  children: ComponentChildren;
  count?: string;
}

export function Chip({ on, onToggle, children, count }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={on} onClick={onToggle}>
      {children}
      {count !== undefined && <span class="chip-count">{count}</span>}
    </button>
  );
}

export interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  const hintId = useId();
  return (
    <label class="switch-field">
      <span class="switch-text">
        <span>{label}</span>
        {hint && (
          <span class="hint" id={hintId}>
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={checked}
        aria-label={label}
        aria-describedby={hint ? hintId : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

/** `values` with `value` put in, or taken out if it is there. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}
