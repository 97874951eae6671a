/** Connects to the app and shows the page. */

import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { createApi } from "./api";
import { Page } from "./app";
import { Bridge } from "./bridge";
import { Toasts } from "./components/toasts";
import { AppContext } from "./context";
import { concerns, LiveQuery, onReconnect } from "./live";
import { watchRoute } from "./routing";
import { Shelf } from "./shelf";
import { applyTheme } from "./theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/overlays.css";
import "./styles/start.css";
import "./styles/interview.css";
import "./styles/voice.css";
import "./styles/summary.css";
import "./styles/lists.css";
import "./styles/settings.css";
import "./styles/diagnostics.css";

const scheme = location.protocol === "https:" ? "wss" : "ws";
const bridge = new Bridge(`${scheme}://${location.host}/ws`);
const api = createApi(bridge.call);
const settings = new LiveQuery(() => api.getSettings({}));
const health = new LiveQuery(() => api.getHealth({}));

bridge.subscribe((event) => {
  if (concerns(event, "settings")) void settings.reload();
  if (concerns(event, "health")) void health.reload();
  if (concerns(event, "window")) window.focus();
});
const readAll = () => Promise.all([settings.reload(), health.reload()]);
onReconnect(bridge.link, () => void readAll());
void readAll();
effect(() => applyTheme(settings.data.value?.theme));

const app = {
  api,
  link: bridge.link,
  way: bridge.way,
  sendBytes: bridge.sendBytes,
  subscribe: (listener: Parameters<Bridge["subscribe"]>[0]) => bridge.subscribe(listener),
  route: watchRoute(),
  settings: settings.data,
  health: health.data,
  healthError: health.error,
  toasts: new Toasts(),
  helpOpen: signal(false),
  shelf: new Shelf(),
  scrolls: new Map<string, number>(),
};

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
render(
  <AppContext.Provider value={app}>
    <Page />
  </AppContext.Provider>,
  root,
);
