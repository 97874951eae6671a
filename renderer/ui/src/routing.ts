/** Which screen is shown, kept in the address after the `#`. */

import { type ReadonlySignal, signal } from "@preact/signals";

export type Route =
  | { screen: "start" }
  | { screen: "interview"; id: string }
  | { screen: "summary"; id: string; question?: string }
  | { screen: "history" }
  | { screen: "questions" }
  | { screen: "settings" }
  | { screen: "diagnostics" };

export type Screen = Route["screen"];

/** The screens whose address is their name alone. */
const PLAIN = [
  { screen: "history" },
  { screen: "questions" },
  { screen: "settings" },
  { screen: "diagnostics" },
] as const satisfies readonly Route[];

export function parse(hash: string): Route {
  const [screen, id, question] = hash.replace(/^#\/?/, "").split("/");
  if (screen === "interview" && id) return { screen, id };
  if (screen === "summary" && id) return question ? { screen, id, question } : { screen, id };
  return PLAIN.find((route) => route.screen === screen) ?? { screen: "start" };
}

export function href(route: Route): string {
  if (!("id" in route)) return `#/${route.screen}`;
  const at = "question" in route && route.question ? `/${route.question}` : "";
  return `#/${route.screen}/${route.id}${at}`;
}

export function go(route: Route): void {
  location.hash = href(route);
}

/** Go on to where the browser's back button must not lead back from. */
export function replace(route: Route): void {
  location.replace(href(route));
}

/** The route as the address changes, by links, by `go` and by the browser's own back button. */
export function watchRoute(): ReadonlySignal<Route> {
  const route = signal(parse(location.hash));
  addEventListener("hashchange", () => {
    route.value = parse(location.hash);
  });
  return route;
}
