/** The app around a part of the page under test: an api whose channels the test answers. */

import { signal } from "@preact/signals";
import { render } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { type Api, createApi } from "../api";
import { type Call, CallError } from "../bridge";
import { Toasts } from "../components/toasts";
import { type App, AppContext } from "../context";
import type { ChannelName, Channels, Event } from "../contracts.gen";
import { Shelf } from "../shelf";

export type Answers = {
  [C in ChannelName]?: (
    payload: Channels[C]["request"],
  ) => Channels[C]["reply"] | Promise<Channels[C]["reply"]>;
};

export function refusalOf(code: string, details: unknown = null): CallError {
  return new CallError({ code, message: `Refused with ${code}.`, remedy: "Do this.", details });
}

export function anApi(answers: Answers): Api {
  const call: Call = async (channel, payload) => {
    const answer = answers[channel];
    if (!answer) throw refusalOf("IPC002");
    return answer(payload);
  };
  return createApi(call);
}

export function anApp(answers: Answers = {}) {
  const listeners = new Set<(event: Event) => void>();
  const app: App = {
    api: anApi(answers),
    link: signal("open"),
    way: signal(undefined),
    sendBytes: () => undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    route: signal({ screen: "start" }),
    settings: signal(undefined),
    health: signal(undefined),
    healthError: signal(undefined),
    toasts: new Toasts(),
    helpOpen: signal(false),
    shelf: new Shelf(),
    scrolls: new Map(),
  };
  const publish = (topic: string, ...ids: string[]) => {
    for (const listener of listeners) listener({ type: "event", topic, ids });
  };
  return { app, publish };
}

export function show(children: ComponentChildren, answers: Answers = {}) {
  const { app, publish } = anApp(answers);
  const view = render(<AppContext.Provider value={app}>{children}</AppContext.Provider>);
  return { ...view, app, publish };
}
