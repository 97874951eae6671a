/** Opens an interview, or says why it can't be opened. */

import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import { useLive } from "../../live";
import { href } from "../../routing";
import { Interview } from "./Interview";

export function InterviewScreen({ id }: { id: string }) {
  const { api } = useApp();
  const session = useLive(id, () => api.getSession({ session_id: id }), { topic: "sessions", id });
  if (session.data.value) return <Interview key={id} session={session.data.value} />;
  if (!session.error.value) return <p class="quiet-wait">Opening the interview…</p>;
  return (
    <div class="narrow">
      <ErrorNote error={session.error.value}>
        <a href={href({ screen: "history" })}>Go to the history</a>
      </ErrorNote>
    </div>
  );
}
