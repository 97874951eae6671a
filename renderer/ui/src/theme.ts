/** Light or dark: what is set, or else what the system has. */

import type { AppSettings } from "./contracts.gen";

export function applyTheme(theme: AppSettings["theme"] = "system"): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
