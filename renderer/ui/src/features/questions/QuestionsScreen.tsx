/** The question bank, to browse, to practise from and to add to. */

import { signal, useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { Empty } from "../../components/empty";
import { Feed } from "../../components/feed";
import { useApp } from "../../context";
import type { Question, QuestionFilter } from "../../contracts.gen";
import { plural } from "../../formats";
import { useLive } from "../../live";
import { usePaged } from "../../paging";
import { AddQuestion } from "./AddQuestion";
import { Filters } from "./Filters";
import { type FoundQuestion, QuestionRow } from "./QuestionRow";

export function QuestionsScreen() {
  const { api, toasts, shelf } = useApp();
  const filter = shelf.keep("question filter", () => signal<QuestionFilter>({}));
  const opened = shelf.keep("opened questions", () => signal<ReadonlySet<string>>(new Set()));
  const adding = useSignal(false);
  const wanted = filter.value;
  const list = usePaged<FoundQuestion>(
    `questions ${JSON.stringify(wanted)}`,
    async (after, limit) => {
      const page = await api.getQuestions({ filter: wanted, after, limit, count: after === null });
      const items = page.items.map((one, at) => ({ ...one, marks: page.marks[at] ?? [] }));
      return { ...page, items };
    },
    "questions",
  );
  const catalogue = useLive("catalogue", () => api.getCatalogue({}), { topic: "questions" });
  const added = (question: Question) => {
    adding.value = false;
    toasts.show("Your question is in the bank.");
    list.prepend({ ...question, marks: [] });
  };
  const toggle = (id: string) => {
    const next = new Set(opened.peek());
    if (!next.delete(id)) next.add(id);
    opened.value = next;
  };
  return (
    <div class="list-screen">
      <header class="screen-head with-action">
        <div>
          <h1>Questions</h1>
          <p class="lead" role="status">
            {list.total.value === undefined ? "\u00a0" : plural(list.total.value, "question")}
          </p>
        </div>
        <Button icon="plus" onClick={() => (adding.value = true)}>
          Add a question
        </Button>
      </header>
      <Filters
        filter={wanted}
        catalogue={catalogue.data.value}
        change={(part) => (filter.value = { ...filter.peek(), ...part })}
      />
      {list.items.value?.length === 0 && list.next.value === null ? (
        <Empty icon="search" title="No question matches" text="Take a filter away, or add one of your own." />
      ) : (
        <Feed
          list={list}
          label="Questions"
          height={75}
          name={({ prompt }) => prompt}
          row={(question) => (
            <QuestionRow
              question={question}
              catalogue={catalogue.data.value}
              open={opened.value.has(question.id)}
              toggle={() => toggle(question.id)}
            />
          )}
        />
      )}
      {adding.value && (
        <AddQuestion
          catalogue={catalogue.data.value}
          added={added}
          close={() => (adding.value = false)}
        />
      )}
    </div>
  );
}
