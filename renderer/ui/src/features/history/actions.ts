/** Renaming and deleting interviews: shown at once, undone when it is refused or regretted. */

import type { CallError } from "../../bridge";
import { useApp } from "../../context";
import type { SessionSummary } from "../../contracts.gen";
import type { PagedList } from "../../paging";

export function useHistoryActions(list: PagedList<SessionSummary>, focusHeading: () => void) {
  const { api, toasts } = useApp();
  const refused = (error: CallError) => {
    toasts.show(`${error.message} ${error.remedy} (${error.code})`);
    void list.reload();
  };

  const rename = async (session: SessionSummary, title: string) => {
    const { id, revision } = session;
    list.update(id, { title });
    await api.saveSession({ session_id: id, revision, title }).catch(refused);
  };

  const restore = async (id: string) => {
    await api.restoreSession({ session_id: id }).catch(refused);
    await list.reload();
    focusHeading();
  };

  const remove = async (session: SessionSummary) => {
    list.remove(session.id);
    focusHeading();
    try {
      await api.deleteSession({ session_id: session.id });
      const run = () => void restore(session.id);
      toasts.show(`“${session.title}” deleted`, { label: "Undo", run });
    } catch (error) {
      refused(error as CallError);
    }
  };
  return { rename, remove };
}
