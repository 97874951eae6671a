/** Opens an interview, or says why it can't be opened; a finished one is shown as its summary. */

import { useEffect } from "preact/hooks";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import { useLive } from "../../live";
import { href, replace } from "../../routing";
import { Interview } from "./Interview";

export function InterviewScreen({ id }: { id: string }) {
  const { api } = useApp();
  const session = useLive(id, () => api.getSession({ session_id: id }), { topic: "sessions", id });
  const shown = session.data.value;
  const finished = shown?.status === "finished";
  useEffect(() => {
    if (finished) replace({ screen: "summary", id });
  }, [finished]);
  if (shown && !finished) return <Interview key={id} session={shown} />;
  if (shown || !session.error.value) return <p class="quiet-wait">Opening the interview…</p>;
  return (
    <div class="narrow">
      <ErrorNote error={session.error.value}>
        <a href={href({ screen: "history" })}>Go to the history</a>
      </ErrorNote>
    </div>
  );
}
