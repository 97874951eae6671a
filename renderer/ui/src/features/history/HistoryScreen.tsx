/** Every past interview, by day. */

import { useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { Empty } from "../../components/empty";
import { ErrorNote } from "../../components/error-note";
import { More } from "../../components/more";
import { useApp } from "../../context";
import type { SessionSummary } from "../../contracts.gen";
import { useLive } from "../../live";
import { usePaged } from "../../paging";
import { go } from "../../routing";
import { byDay } from "./days";
import { HistoryRow } from "./HistoryRow";
import { useHistoryActions } from "./actions";

export function HistoryScreen() {
  const { api } = useApp();
  const list = usePaged<SessionSummary>(
    "history",
    (after, limit) => api.getHistory({ after, limit }),
    "sessions",
  );
  const catalogue = useLive("catalogue", () => api.getCatalogue({}), { topic: "questions" });
  const heading = useRef<HTMLHeadingElement>(null);
  const { rename, remove } = useHistoryActions(list, () => heading.current?.focus());
  const items = list.items.value;
  return (
    <div class="list-screen">
      <header class="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          History
        </h1>
        <p class="lead">Every interview, just as it was.</p>
      </header>
      <ErrorNote error={list.error.value} />
      {items?.length === 0 && <NoHistory />}
      {byDay(items ?? []).map(({ day, sessions }) => (
        <section key={day} class="day" aria-label={day}>
          <h2 class="day-name">{day}</h2>
          <ul class="rows">
            {sessions.map((session) => (
              <HistoryRow
                key={session.id}
                session={session}
                catalogue={catalogue.data.value}
                rename={(title) => void rename(session, title)}
                remove={() => void remove(session)}
              />
            ))}
          </ul>
        </section>
      ))}
      {list.next.value !== null && (
        <More busy={list.busy.value} onMore={() => void list.more()} />
      )}
    </div>
  );
}

function NoHistory() {
  return (
    <Empty
      icon="history"
      title="Nothing here yet"
      text="Your interviews will be listed here, with every answer and what came of it."
    >
      <Button look="primary" onClick={() => go({ screen: "start" })}>
        Start the first one
      </Button>
    </Empty>
  );
}
