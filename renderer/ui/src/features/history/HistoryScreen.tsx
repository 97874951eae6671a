/** Every past interview, by day, and a search in all that was answered in them. */

import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { Empty } from "../../components/empty";
import { Feed } from "../../components/feed";
import { SearchField } from "../../components/search-field";
import { useApp } from "../../context";
import type { SessionSummary } from "../../contracts.gen";
import { day } from "../../formats";
import { useLive } from "../../live";
import { usePaged } from "../../paging";
import { go } from "../../routing";
import { FoundAnswers } from "./FoundAnswers";
import { HistoryRow } from "./HistoryRow";
import { Renewal } from "./Renewal";
import { useHistoryActions } from "./actions";

export function HistoryScreen() {
  const { shelf } = useApp();
  const text = shelf.keep("history search", () => signal(""));
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <div class="list-screen">
      <header class="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          History
        </h1>
        <p class="lead">Every interview, just as it was.</p>
      </header>
      <Renewal />
      <search class="filters" aria-label="Search the history">
        <SearchField
          label="Search in your answers"
          text={text.peek()}
          search={(typed) => (text.value = typed)}
        />
      </search>
      {text.value ? (
        <FoundAnswers key={text.value} text={text.value} />
      ) : (
        <Interviews focusHeading={() => heading.current?.focus()} />
      )}
    </div>
  );
}

function Interviews({ focusHeading }: { focusHeading: () => void }) {
  const { api } = useApp();
  const list = usePaged<SessionSummary>(
    "history",
    (after, limit) => api.getHistory({ after, limit }),
    "sessions",
  );
  const catalogue = useLive("catalogue", () => api.getCatalogue({}), { topic: "questions" });
  const { rename, remove } = useHistoryActions(list, focusHeading);
  if (list.items.value?.length === 0 && list.next.value === null) return <NoHistory />;
  return (
    <Feed
      list={list}
      label="Interviews"
      height={74}
      name={({ title }) => title}
      group={({ created_at }) => day(created_at)}
      row={(session) => (
        <HistoryRow
          session={session}
          catalogue={catalogue.data.value}
          rename={(title) => void rename(session, title)}
          remove={() => void remove(session)}
        />
      )}
    />
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
