/** Puts text on the clipboard, also where the page may not use the clipboard's own functions. */

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** As a person's own "copy" of a selection does, which needs no permission. */
function copySelected(text: string): boolean {
  const field = document.createElement("textarea");
  field.className = "sr-only";
  field.value = text;
  // Inside an open dialog: nothing outside of it can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  const before = document.activeElement;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
