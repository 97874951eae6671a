/** Interviews put together by the day they were begun on, where the person is. */

import type { SessionSummary } from "../../contracts.gen";
import { day } from "../../formats";

export interface Day {
  day: string;
  sessions: SessionSummary[];
}

export function byDay(sessions: readonly SessionSummary[], now = new Date()): Day[] {
  const days = new Map<string, SessionSummary[]>();
  for (const session of sessions) {
    const name = day(session.created_at, now);
    days.set(name, [...(days.get(name) ?? []), session]);
  }
  return [...days].map(([name, its]) => ({ day: name, sessions: its }));
}
