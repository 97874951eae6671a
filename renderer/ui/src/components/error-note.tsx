/** What went wrong, what to do about it, and the code to look it up by. */

import type { ComponentChildren } from "preact";
import { Icon } from "./icons";

export interface Problem {
  code: string;
  message: string;
  remedy: string;
}

export interface ErrorNoteProps {
  error: Problem | null | undefined;
  children?: ComponentChildren;
}

export function ErrorNote({ error, children }: ErrorNoteProps) {
  if (!error) return null;
  return (
    <div class="note error" role="alert">
      <Icon name="warning" />
      <div class="note-text">
        <p>{error.message}</p>
        {error.remedy && <p class="dim">{error.remedy}</p>}
        {children}
      </div>
      <code class="code">{error.code}</code>
    </div>
  );
}
