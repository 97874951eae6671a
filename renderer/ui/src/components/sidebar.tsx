/** The way to every screen, and where answers go. */

import { useApp } from "../context";
import { href, type Screen } from "../routing";
import { Icon, type IconName } from "./icons";
import { Keys } from "./keys";
import { Logo } from "./logo";
import { PrivacySign } from "./privacy-sign";

interface Place {
  screen: "start" | "history" | "questions" | "settings";
  label: string;
  icon: IconName;
}

const PLACES: readonly Place[] = [
  { screen: "start", label: "Practise", icon: "start" },
  { screen: "history", label: "History", icon: "history" },
  { screen: "questions", label: "Questions", icon: "questions" },
  { screen: "settings", label: "Settings", icon: "settings" },
];

/** Screens that are reached through another one. */
const UNDER: Partial<Record<Screen, Screen>> = { summary: "history", diagnostics: "settings" };

export function Sidebar({ current }: { current: Screen }) {
  const { helpOpen } = useApp();
  const active = UNDER[current] ?? current;
  return (
    <header class="sidebar">
      <a class="brand" href="#/start" aria-label="Interview App">
        <Logo />
        <span>Interview</span>
      </a>
      <nav aria-label="Main">
        {PLACES.map(({ screen, label, icon }, at) => (
          <a
            key={screen}
            class="nav-item"
            href={href({ screen })}
            aria-current={screen === active ? "page" : undefined}
            aria-keyshortcuts={`Alt+${at + 1}`}
          >
            <Icon name={icon} />
            <span>{label}</span>
            <Keys keys={`Alt+${at + 1}`} />
          </a>
        ))}
      </nav>
      <div class="sidebar-foot">
        <PrivacySign />
        <button type="button" class="nav-item" onClick={() => (helpOpen.value = true)}>
          <Icon name="keyboard" />
          <span>Shortcuts</span>
          <Keys keys="?" />
        </button>
      </div>
    </header>
  );
}
