/** Says at all times whether answers leave this computer. */

import { useApp } from "../context";
import { sentTo } from "../llm";
import { Icon } from "./icons";

export function PrivacySign() {
  const host = sentTo(useApp().settings.value);
  return (
    <p class={host ? "privacy sends" : "privacy"}>
      <Icon name={host ? "cloud" : "lock"} size={18} />
      <span>{host ? `Answers are sent to ${host}` : "Answers stay on this computer"}</span>
    </p>
  );
}
