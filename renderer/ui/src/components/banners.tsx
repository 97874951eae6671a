/** What concerns every screen: the connection, and problems of the app. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AppHealth } from "../contracts.gen";
import { useApp } from "../context";
import { IconButton } from "./button";
import type { Problem } from "./error-note";
import { Icon } from "./icons";

/** By then it is no short restart any more: another start has another address. */
export const LONG_LOST_MS = 15_000;

export function Banners() {
  const { link, health } = useApp();
  const dismissed = useSignal<readonly string[]>([]);
  const problems = problemsOf(health.value).filter(
    (problem) => !dismissed.value.includes(problem.message),
  );
  return (
    <div class="banners">
      <div role="status">{link.value === "lost" && <LostBanner />}</div>
      {problems.map((problem) => (
        <aside key={problem.message} class="banner" aria-label="Problem">
          <Icon name="warning" />
          <p>
            <strong>{problem.message}</strong> {problem.remedy}
          </p>
          <code class="code">{problem.code}</code>
          <IconButton
            icon="close"
            label="Dismiss problem"
            onClick={() => (dismissed.value = [...dismissed.value, problem.message])}
          />
        </aside>
      ))}
    </div>
  );
}

function LostBanner() {
  const long = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (long.value = true), LONG_LOST_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="banner lost">
      <span class="pulse" aria-hidden="true" />
      <p>
        <strong>The connection to the app is lost.</strong> What you type stays here and is saved
        as soon as it is back.
        {long.value && inBrowserTab() && (
          <> If the app was started again, open its new address; copy what you wrote here first.</>
        )}
      </p>
      <code class="code">IPC003</code>
    </div>
  );
}

/** The app's own window has no address to open, and goes with the app. */
function inBrowserTab(): boolean {
  return !("pywebview" in window || navigator.userAgent.includes("QtWebEngine"));
}

/** Each problem once, those of failed processes with them. */
export function problemsOf(health: AppHealth | undefined): Problem[] {
  if (!health) return [];
  const failures = health.processes.flatMap(({ error }) => (error ? [error] : []));
  const all = [...health.problems, ...failures];
  return [...new Map(all.map((problem) => [problem.message, problem])).values()];
}
