/** Speaking and hearing: the microphone, what becomes of recordings, the interviewer's voice. */

import { Switch } from "../../components/choices";
import { Field } from "../../components/field";
import type { AppSettings, VoiceSettings } from "../../contracts.gen";
import { canListen } from "../voice/microphone";
import { MicCheck } from "../voice/MicCheck";
import type { Save } from "./save";

const DAYS: readonly (readonly [number | null, string])[] = [
  [null, "Until I delete them"],
  [7, "7 days"],
  [30, "30 days"],
  [90, "90 days"],
];

export function Voice({ settings, save }: { settings: AppSettings; save: Save }) {
  const { voice } = settings;
  const change = (part: Partial<VoiceSettings>) => void save({ voice: { ...voice, ...part } });
  const kept = voice.keep_days;
  const days = DAYS.some(([value]) => value === kept) ? DAYS : [...DAYS, [kept, `${kept} days`] as const];
  return (
    <section class="setting" aria-labelledby="voice">
      <h2 id="voice">Voice</h2>
      <p>
        Answers can be spoken. They are recorded and written down on this computer, and the sound never
        leaves it.
      </p>
      {canListen() && <MicCheck />}
      <Switch
        label="Keep recordings"
        hint="Of answers that you hand in from now on; each can be chosen for itself, too. They are in no backup and no export. Without it, only what was heard in them stays."
        checked={voice.keep_recordings}
        onChange={(keep_recordings) => change({ keep_recordings })}
      />
      {voice.keep_recordings && (
        <div class="keep-days">
          <Field label="Keep them for">
            {(ids) => (
              <select
                {...ids}
                value={String(kept)}
                onChange={({ currentTarget: { value } }) =>
                  change({ keep_days: value === "null" ? null : Number(value) })
                }
              >
                {days.map(([value, name]) => (
                  <option key={name} value={String(value)}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      <Switch
        label="Read questions aloud"
        hint="When you answer by speaking. Any question can be read to you with a button."
        checked={voice.read_questions}
        onChange={(read_questions) => change({ read_questions })}
      />
    </section>
  );
}
