/** Every evaluation there is of a question's answers, to look at each as it was. */

import type { EvaluationRecord, SessionQuestion } from "../../contracts.gen";
import { dateAndTime } from "../../formats";
import { evaluatorName, percent, shownScore } from "./words";

export interface VersionsProps {
  asked: SessionQuestion;
  shown: EvaluationRecord | undefined;
  choose: (id: string) => void;
}

export function Versions({ asked, shown, choose }: VersionsProps) {
  const name = (record: EvaluationRecord) => {
    const answer = asked.answers.find(({ id }) => id === record.answer_id);
    const content = shownScore(record.result);
    const score = content === null ? "" : `, ${percent(content)}`;
    const who = evaluatorName(record.result);
    return `Answer ${answer?.version ?? "?"}, evaluation ${record.version}${score} (${who}, ${dateAndTime(record.created_at)})`;
  };
  return (
    <label class="versions">
      <span class="label">Version</span>
      <select
        aria-label="Evaluation version"
        value={shown?.id ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {!shown && <option value="">None of the newest answer yet</option>}
        {asked.evaluations.toReversed().map((record) => (
          <option key={record.id} value={record.id}>
            {name(record)}
          </option>
        ))}
      </select>
    </label>
  );
}
