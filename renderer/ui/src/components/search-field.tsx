/** A field whose text is looked for once the person stops typing. */

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";

export interface SearchFieldProps {
  label: string;
  text: string;
  /** A space at the end is kept: it says that the word before it is whole. */
  search: (text: string) => void;
}

const QUIET_MS = 200;

export function SearchField({ label, text, search }: SearchFieldProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const wait = (typed: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(typed.trim() && typed.trimStart()), QUIET_MS);
  };
  return (
    <label class="search-field">
      <Icon name="search" size={18} />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        dir="auto"
        defaultValue={text}
        onInput={(event) => wait(event.currentTarget.value)}
      />
    </label>
  );
}
