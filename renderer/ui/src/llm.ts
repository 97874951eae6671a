/** Whether answers leave this computer, and for where. */

import type { AppSettings } from "./contracts.gen";
import { host } from "./formats";

/** The host that answers are sent to, or undefined while everything stays here. */
export function sentTo(settings: AppSettings | undefined): string | undefined {
  if (settings?.evaluator !== "llm" || settings.llm_base_url === "") return undefined;
  return settings.consented_url === settings.llm_base_url ? host(settings.llm_base_url) : undefined;
}
