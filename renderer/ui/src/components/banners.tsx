/** What concerns every screen: the connection, and problems of the app. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallError } from "../bridge";
import { type AppHealth, ErrorCode, type WayTaken } from "../contracts.gen";
import { useApp } from "../context";
import { Button, IconButton } from "./button";
import type { Problem } from "./error-note";
import { Icon } from "./icons";

/** By then it is no short restart any more: another start has another address. */
export const LONG_LOST_MS = 15_000;

export function Banners() {
  const { link, way, health } = useApp();
  const dismissed = useSignal<readonly string[]>([]);
  const problems = problemsOf(health.value).filter(
    (problem) => !dismissed.value.includes(problem.message),
  );
  return (
    <div class="banners">
      <div role="status">
        {link.value === "lost" ? <LostBanner /> : isSlow(way.value) && <SlowBanner />}
      </div>
      {health.value?.safe_mode && <SafeModeBanner />}
      {problems.map((problem) => (
        <aside key={problem.message} class="banner" aria-label="Problem">
          <Icon name="warning" />
          <p>
            <strong>{problem.message}</strong> {problem.remedy}
          </p>
          {problem.code === ErrorCode.PROCESS_FAILED && !health.value?.safe_mode && (
            <SafeModeButton on>Start in safe mode</SafeModeButton>
          )}
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

function SafeModeBanner() {
  return (
    <aside class="banner" aria-label="Safe mode">
      <Icon name="warning" />
      <p>
        <strong>This is safe mode.</strong> The window is drawn without the graphics card, nothing
        is kept in memory to be quicker, and answers wait to be judged.
      </p>
      <SafeModeButton on={false}>Start normally</SafeModeButton>
    </aside>
  );
}

/** Starts the app anew; a page in the app's own window goes with it, one in a browser comes back. */
function SafeModeButton({ on, children }: { on: boolean; children: string }) {
  const { api, toasts } = useApp();
  const start = async () => {
    try {
      await api.setSafeMode({ on });
    } catch (error) {
      // A connection that is lost is the app starting anew.
      const { code, message } = error as CallError;
      if (code !== ErrorCode.CONNECTION_LOST) toasts.show(message);
    }
  };
  return <Button onClick={() => void start()}>{children}</Button>;
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

/** Whether it is asked over HTTP because the faster way is lost, and not because it was set so. */
function isSlow(way: WayTaken | undefined): boolean {
  return way?.way === "http" && !way.chosen;
}

function SlowBanner() {
  return (
    <div class="banner">
      <Icon name="info" />
      <p>
        <strong>Connected over the slower way.</strong> Everything works and is saved as before; the
        faster one is taken again by itself as soon as it is back.
      </p>
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
