/** Keyboard shortcuts of a screen, written as "Ctrl+Enter" or "Alt+S". */

import { useEffect } from "preact/hooks";

export type Shortcuts = Record<string, () => void>;

const TYPING = "input, textarea, select, [contenteditable]";

/** What was pressed, as a shortcut is written; the letter on the key also where Alt makes it another. */
export function pressed(event: KeyboardEvent): string {
  const letter = /^[a-z0-9?]$/i.test(event.key) ? event.key : event.code.replace(/^(Key|Digit)/, "");
  const key = event.key.length > 1 ? event.key : letter.toUpperCase();
  const parts = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", key];
  return parts.filter(Boolean).join("+");
}

/** A dialog keeps the keys for itself; a key alone is text while a person types. */
function isFree(event: KeyboardEvent, shortcut: string): boolean {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return false;
  const typing = event.target instanceof Element && event.target.closest(TYPING) !== null;
  return !typing || shortcut.includes("+") || shortcut === "F1";
}

export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = pressed(event);
      const action = shortcuts[shortcut];
      if (!action || !isFree(event, shortcut)) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });
}
