/** What can be set, where the data lies, and how the app is. */

import { Segments } from "../../components/choices";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import { About } from "./About";
import { Backups } from "./Backups";
import { Data } from "./Data";
import { Evaluator } from "./Evaluator";
import { Voice } from "./Voice";
import { useSave } from "./save";

const THEMES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function SettingsScreen() {
  const { settings } = useApp();
  const { save, error } = useSave();
  const shown = settings.value;
  return (
    <div class="settings">
      <header class="screen-head">
        <h1>Settings</h1>
      </header>
      <ErrorNote error={error.value} />
      {shown && (
        <>
          <section class="setting" aria-labelledby="appearance">
            <h2 id="appearance">Appearance</h2>
            <Segments
              label="Theme"
              options={THEMES}
              value={shown.theme}
              onChange={(theme) => void save({ theme })}
            />
          </section>
          <Evaluator settings={shown} save={save} />
          <Voice settings={shown} save={save} />
        </>
      )}
      <Backups />
      <Data />
      <About />
    </div>
  );
}
