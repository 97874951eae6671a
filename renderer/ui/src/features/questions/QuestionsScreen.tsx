/** The question bank, to browse, to practise from and to add to. */

import { useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { Empty } from "../../components/empty";
import { ErrorNote } from "../../components/error-note";
import { More } from "../../components/more";
import { useApp } from "../../context";
import type { Question, QuestionFilter } from "../../contracts.gen";
import { plural } from "../../formats";
import { useLive } from "../../live";
import { usePaged } from "../../paging";
import { AddQuestion } from "./AddQuestion";
import { Filters } from "./Filters";
import { QuestionRow } from "./QuestionRow";

export function QuestionsScreen() {
  const { api, toasts } = useApp();
  const filter = useSignal<QuestionFilter>({});
  const adding = useSignal(false);
  const list = usePaged<Question>(
    JSON.stringify(filter.value),
    (after, limit) => api.getQuestions({ filter: filter.peek(), after, limit, count: after === null }),
    "questions",
  );
  const catalogue = useLive("catalogue", () => api.getCatalogue({}), { topic: "questions" });
  const items = list.items.value;
  const added = (question: Question) => {
    adding.value = false;
    toasts.show("Your question is in the bank.");
    list.patch((before) => [question, ...before]);
  };
  return (
    <div class="list-screen">
      <header class="screen-head with-action">
        <div>
          <h1>Questions</h1>
          <p class="lead" role="status">
            {list.total.value === undefined ? " " : plural(list.total.value, "question")}
          </p>
        </div>
        <Button icon="plus" onClick={() => (adding.value = true)}>
          Add a question
        </Button>
      </header>
      <Filters
        filter={filter.value}
        catalogue={catalogue.data.value}
        change={(part) => (filter.value = { ...filter.value, ...part })}
      />
      <ErrorNote error={list.error.value} />
      {items?.length === 0 && (
        <Empty icon="search" title="No question matches" text="Take a filter away, or add one of your own." />
      )}
      <ul class="rows">
        {items?.map((question) => (
          <QuestionRow key={question.id} question={question} catalogue={catalogue.data.value} />
        ))}
      </ul>
      {list.next.value !== null && (
        <More busy={list.busy.value} onMore={() => void list.more()} />
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
