/** The keyboard shortcuts, all in one place. */

import { Dialog } from "./dialog";
import { Keys } from "./keys";

const GROUPS = [
  {
    title: "In an interview",
    shortcuts: [
      ["Ctrl+Enter", "Hand in and go to the next question"],
      ["Alt+R", "Speak the answer, and end the recording"],
      ["Alt+S", "Skip this question"],
      ["Alt+P", "Pause, and go on"],
      ["Alt+PageUp", "Back to the question before"],
      ["Alt+PageDown", "On to the question after"],
    ],
  },
  {
    title: "Everywhere",
    shortcuts: [
      ["Alt+1", "Practise"],
      ["Alt+2", "History"],
      ["Alt+3", "Questions"],
      ["Alt+4", "Settings"],
      ["Alt+5", "Diagnostics"],
      ["Ctrl+Enter", "Start the interview that is set up"],
      ["Alt+Z", "Undo what a message offers to undo"],
      ["F1", "These shortcuts (? while not typing)"],
    ],
  },
] as const;

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide>
      <div class="help">
        {GROUPS.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map(([keys, what]) => (
                <div key={keys + what}>
                  <dt>
                    <span class="sr-only">{keys}</span>
                    <Keys keys={keys} />
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
