/** A shortcut as it is printed on the keys; read out by `aria-keyshortcuts`, so hidden from readers here. */

const isMac = navigator.platform.startsWith("Mac");
const MAC: Record<string, string> = { Ctrl: "⌘", Alt: "⌥", Enter: "↵" };

export function Keys({ keys }: { keys: string }) {
  return (
    <span class="keys" aria-hidden="true">
      {keys.split("+").map((key) => (
        <kbd key={key}>{(isMac && MAC[key]) || key}</kbd>
      ))}
    </span>
  );
}
