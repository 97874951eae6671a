/** The page: which screen is on, and what is around it. */

import { useEffect, useRef } from "preact/hooks";
import { Banners } from "./components/banners";
import { HelpDialog } from "./components/help";
import { useShortcuts } from "./components/shortcuts";
import { Sidebar } from "./components/sidebar";
import { ToastRegion } from "./components/toasts";
import { useApp } from "./context";
import { DiagnosticsScreen } from "./features/diagnostics/DiagnosticsScreen";
import { HistoryScreen } from "./features/history/HistoryScreen";
import { InterviewScreen } from "./features/interview/InterviewScreen";
import { QuestionsScreen } from "./features/questions/QuestionsScreen";
import { SettingsScreen } from "./features/settings/SettingsScreen";
import { StartScreen } from "./features/start/StartScreen";
import { SummaryScreen } from "./features/summary/SummaryScreen";
import { go, href, type Route } from "./routing";

const TITLES: Record<Route["screen"], string> = {
  start: "Practise",
  interview: "Interview",
  summary: "Summary",
  history: "History",
  questions: "Questions",
  settings: "Settings",
  diagnostics: "Diagnostics",
};

export function Page() {
  const { route, helpOpen, toasts } = useApp();
  const shown = route.value;
  const main = useRef<HTMLElement>(null);
  useScreenFocus(main, shown);
  useShortcuts({
    "?": () => (helpOpen.value = true),
    F1: () => (helpOpen.value = true),
    "Alt+1": () => go({ screen: "start" }),
    "Alt+2": () => go({ screen: "history" }),
    "Alt+3": () => go({ screen: "questions" }),
    "Alt+4": () => go({ screen: "settings" }),
    "Alt+5": () => go({ screen: "diagnostics" }),
    "Alt+Z": () => undoLast(toasts),
  });
  const focused = shown.screen === "interview";
  return (
    <div class={focused ? "page focused" : "page"}>
      <a class="skip-link" href={href(shown)} onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      {!focused && <Sidebar current={shown.screen} />}
      <div class="stage">
        <Banners />
        <main ref={main} class="screen" tabIndex={-1} aria-label={TITLES[shown.screen]}>
          <ScreenOf key={href(shown)} route={shown} />
        </main>
      </div>
      <ToastRegion />
      {helpOpen.value && <HelpDialog onClose={() => (helpOpen.value = false)} />}
    </div>
  );
}

function ScreenOf({ route }: { route: Route }) {
  if (route.screen === "interview") return <InterviewScreen id={route.id} />;
  if (route.screen === "summary") return <SummaryScreen id={route.id} at={route.question} />;
  if (route.screen === "history") return <HistoryScreen />;
  if (route.screen === "questions") return <QuestionsScreen />;
  if (route.screen === "settings") return <SettingsScreen />;
  if (route.screen === "diagnostics") return <DiagnosticsScreen />;
  return <StartScreen />;
}

/** On a new screen the focus goes to its beginning, and the window is named after it; a screen that
 * was left with a long list is where it was left.
 */
function useScreenFocus(main: { current: HTMLElement | null }, route: Route): void {
  const { scrolls } = useApp();
  const address = href(route);
  useEffect(() => {
    document.title = `${TITLES[route.screen]} – Interview App`;
    const focus = document.activeElement;
    if (focus && focus !== document.body && main.current?.contains(focus)) return;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, scrolls.get(address) ?? 0);
  }, [address]);
}

function undoLast(toasts: ReturnType<typeof useApp>["toasts"]): void {
  const toast = toasts.shown.peek().findLast(({ action }) => action);
  if (!toast) return;
  toasts.dismiss(toast.id);
  toast.action?.run();
}
