/** Own answers that have the words looked for; each leads to its place in its interview. */

import { Empty } from "../../components/empty";
import { Feed } from "../../components/feed";
import { Icon, topicIcon } from "../../components/icons";
import { Marked } from "../../components/marked";
import { useApp } from "../../context";
import type { AnswerHit } from "../../contracts.gen";
import { dateAndTime, plural } from "../../formats";
import { usePaged } from "../../paging";
import { href } from "../../routing";

type Found = AnswerHit & { id: string };

export function FoundAnswers({ text }: { text: string }) {
  const { api } = useApp();
  const list = usePaged<Found>(
    `answers ${text}`,
    async (after, limit) => {
      const page = await api.searchAnswers({ text, after, limit });
      return { ...page, items: page.items.map((hit) => ({ ...hit, id: hit.answer_id })) };
    },
    "sessions",
  );
  const total = list.total.value;
  return (
    <>
      <p class="found" role="status">
        {total ? plural(total, "answer") : "\u00a0"}
      </p>
      {list.items.value?.length === 0 && list.next.value === null ? (
        <Empty
          icon="search"
          title="No answer has these words"
          text="All of them have to be in it; “in quotes”, one right after the other."
        />
      ) : (
        <Feed
          list={list}
          label="Answers found"
          height={106}
          name={({ prompt }) => prompt}
          row={(hit) => <FoundRow hit={hit} />}
        />
      )}
    </>
  );
}

function FoundRow({ hit }: { hit: Found }) {
  const place = { screen: "summary", id: hit.session_id, question: hit.session_question_id } as const;
  return (
    <div class="row-card found-row">
      <span class="role-icon">
        <Icon name={topicIcon(hit.topic)} />
      </span>
      <div class="row-text">
        <a class="row-title" href={href(place)} dir="auto">
          {hit.prompt}
        </a>
        <p class="snippet" dir="auto">
          <Marked text={hit.snippet} spans={hit.marks} />
        </p>
        <p class="row-facts">
          <span>{dateAndTime(hit.created_at)}</span>
          <span dir="auto">{hit.session_title}</span>
          {hit.version > 1 && <span>Version {hit.version}</span>}
        </p>
      </div>
    </div>
  );
}
