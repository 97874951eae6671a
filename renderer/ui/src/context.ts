/** What every screen may use: the api, the connection's state, settings, health, messages. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api";
import type { CallError, LinkState } from "./bridge";
import type { Toasts } from "./components/toasts";
import type { AppHealth, AppSettings, Event, WayTaken } from "./contracts.gen";
import type { Route } from "./routing";
import type { Shelf } from "./shelf";

export interface App {
  api: Api;
  link: ReadonlySignal<LinkState>;
  way: ReadonlySignal<WayTaken | undefined>;
  sendBytes: (bytes: Uint8Array<ArrayBuffer>) => void;
  subscribe: (listener: (event: Event) => void) => () => void;
  route: ReadonlySignal<Route>;
  settings: Signal<AppSettings | undefined>;
  health: ReadonlySignal<AppHealth | undefined>;
  healthError: ReadonlySignal<CallError | undefined>;
  toasts: Toasts;
  helpOpen: Signal<boolean>;
  shelf: Shelf;
  /** How far down each screen was left, by its address. */
  scrolls: Map<string, number>;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("useApp is used outside of AppContext");
  return app;
}
