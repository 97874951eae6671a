/** Which questions are listed. */

import { SearchField } from "../../components/search-field";
import type { Catalogue, QuestionFilter } from "../../contracts.gen";
import { title } from "../../formats";

export interface FiltersProps {
  filter: QuestionFilter;
  catalogue: Catalogue | undefined;
  change: (part: QuestionFilter) => void;
}

export function Filters({ filter, catalogue, change }: FiltersProps) {
  return (
    <search class="filters" aria-label="Filter questions">
      <SearchField
        label="Search in questions"
        text={filter.text ?? ""}
        search={(text) => change({ text })}
      />
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
