/** The calm offer to have older answers judged again, once the offline evaluator got better. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import { plural } from "../../formats";
import { useLive } from "../../live";

export function Renewal() {
  const { api } = useApp();
  const outdated = useLive("outdated", () => api.getOutdated({}), { topic: "settings" });
  const asked = useSignal<number | undefined>(undefined);
  const later = useSignal(false);
  const error = useSignal<CallError | undefined>(undefined);
  const renew = async () => {
    error.value = undefined;
    try {
      asked.value = (await api.renewEvaluations({})).answers;
    } catch (reason) {
      error.value = reason as CallError;
    }
  };
  if (asked.value !== undefined) {
    return (
      <p class="renewal" role="status">
        {plural(asked.value, "answer is", "answers are")} being judged again, one after the other. The
        older results stay with them.
      </p>
    );
  }
  const answers = outdated.data.value?.answers ?? 0;
  if (answers === 0 || later.value) return null;
  return (
    <aside class="renewal" aria-label="Judge older answers again">
      <Icon name="info" />
      <p>
        The offline evaluator got better since {plural(answers, "answer was", "answers were")} judged.
        Judged again, they keep their older results too.
      </p>
      <Button onClick={() => void renew()}>Judge {plural(answers, "older answer")} again</Button>
      <Button look="quiet" onClick={() => (later.value = true)}>
        Not now
      </Button>
      <ErrorNote error={error.value} />
    </aside>
  );
}
