/** Which questions are listed. */

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../components/icons";
import type { Catalogue, QuestionFilter } from "../../contracts.gen";
import { title } from "../../formats";

export interface FiltersProps {
  filter: QuestionFilter;
  catalogue: Catalogue | undefined;
  change: (part: QuestionFilter) => void;
}

const QUIET_MS = 200;

export function Filters({ filter, catalogue, change }: FiltersProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change({ text: text.trim() }), QUIET_MS);
  };
  return (
    <search class="filters" aria-label="Filter questions">
      <label class="search-field">
        <Icon name="search" size={18} />
        <input
          type="search"
          aria-label="Search in questions"
          placeholder="Search"
          maxLength={200}
          defaultValue={filter.text ?? ""}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </label>
      <Select
        label="Topic"
        all="All topics"
        value={filter.topics?.[0]}
        options={catalogue?.topics.map((topic) => [topic.id, topic.title] as const) ?? []}
        choose={(topic) => change({ topics: topic ? [topic] : [] })}
      />
      <Select
        label="Kind"
        all="All kinds"
        value={filter.kinds?.[0]}
        options={(["technical", "behavioural"] as const).map((kind) => [kind, title(kind)] as const)}
        choose={(kind) => change({ kinds: kind ? [kind] : [] })}
      />
      <Select
        label="Difficulty"
        all="Any difficulty"
        value={filter.difficulties?.[0]}
        options={(["easy", "medium", "hard"] as const).map((one) => [one, title(one)] as const)}
        choose={(one) => change({ difficulties: one ? [one] : [] })}
      />
      <Select
        label="Source"
        all="All sources"
        value={filter.sources?.[0]}
        options={[["bank", "From the bank"] as const, ["own", "My own"] as const]}
        choose={(source) => change({ sources: source ? [source] : [] })}
      />
    </search>
  );
}

interface SelectProps<T extends string> {
  label: string;
  all: string;
  value: T | undefined;
  options: readonly (readonly [T, string])[];
  choose: (value: T | undefined) => void;
}

function Select<T extends string>({ label, all, value, options, choose }: SelectProps<T>) {
  const pick = (chosen: string) => choose(options.find(([id]) => id === chosen)?.[0]);
  return (
    <select
      aria-label={label}
      class={value ? "set" : ""}
      value={value ?? ""}
      onChange={(event) => pick(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
