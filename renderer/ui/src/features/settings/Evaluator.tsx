/** Who judges the answers: this computer, or an AI server one has agreed to. */

import { useSignal } from "@preact/signals";
import { OptionCard } from "../../components/choices";
import type { AppSettings } from "../../contracts.gen";
import { sentTo } from "../../llm";
import { Consent } from "./Consent";
import type { Save } from "./save";
import { Server } from "./Server";

export interface EvaluatorProps {
  settings: AppSettings;
  save: Save;
}

export function Evaluator({ settings, save }: EvaluatorProps) {
  const showServer = useSignal(settings.evaluator === "llm");
  const asking = useSignal<string | undefined>(undefined);
  const offline = () => {
    showServer.value = false;
    void save({ evaluator: "offline" });
  };
  /** The server is used only once the person agreed to this very address. */
  const use = (url: string) => {
    if (settings.consented_url === url) void save({ evaluator: "llm" });
    else asking.value = url;
  };
  const agree = (url: string) => {
    asking.value = undefined;
    void save({ evaluator: "llm", consented_url: url });
  };
  return (
    <section class="setting" aria-labelledby="evaluator">
      <h2 id="evaluator">Evaluation</h2>
      <fieldset class="option-cards">
        <legend class="sr-only">Who evaluates answers</legend>
        <OptionCard
          group="evaluator"
          icon="lock"
          title="Offline"
          text="On this computer. It compares meaning with the expected points, and shows the evidence. It can't see a false fact."
          on={!showServer.value}
          choose={offline}
        />
        <OptionCard
          group="evaluator"
          icon="cloud"
          title="AI server"
          text="Any server that speaks the OpenAI protocol, your own or a paid one. Answers are sent to it; when it fails, the offline evaluator steps in."
          on={showServer.value}
          choose={() => (showServer.value = true)}
        />
      </fieldset>
      {showServer.value && <Server settings={settings} save={save} use={use} />}
      {showServer.value && !sentTo(settings) && (
        <p class="hint">Until a server is in use, answers are evaluated offline.</p>
      )}
      {asking.value !== undefined && (
        <Consent
          url={asking.value}
          agree={() => agree(asking.peek() ?? "")}
          close={() => (asking.value = undefined)}
        />
      )}
    </section>
  );
}
