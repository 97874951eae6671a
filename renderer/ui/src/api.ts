/** Every channel as a typed function. */

import type { Call } from "./bridge";
import type { ChannelName, Channels } from "./contracts.gen";

export type Ask<C extends ChannelName> = (
  payload: Channels[C]["request"],
) => Promise<Channels[C]["reply"]>;

export function createApi(call: Call) {
  const on =
    <C extends ChannelName>(channel: C): Ask<C> =>
    (payload) =>
      call(channel, payload);
  return {
    getQuestions: on("db:questions:get"),
    createQuestion: on("db:questions:create"),
    getCatalogue: on("db:catalogue:get"),
    startSession: on("db:session:start"),
    saveSession: on("db:session:save"),
    getSession: on("db:session:get"),
    getHistory: on("db:session:history"),
    deleteSession: on("db:session:delete"),
    restoreSession: on("db:session:restore"),
    addFollowUp: on("db:session:followup"),
    saveDraft: on("db:drafts:save"),
    saveAnswer: on("db:answers:save"),
    searchAnswers: on("db:answers:search"),
    skipQuestion: on("db:answers:skip"),
    startRecording: on("db:recordings:start"),
    stopRecording: on("db:recordings:stop"),
    discardRecording: on("db:recordings:discard"),
    deleteSound: on("db:recordings:deletesound"),
    getRecording: on("db:recordings:get"),
    getRecordings: on("db:recordings:list"),
    disputeEvaluation: on("db:evaluations:dispute"),
    requestEvaluation: on("ai:evaluate:request"),
    cancelEvaluation: on("ai:evaluate:cancel"),
    getOutdated: on("ai:evaluate:outdated"),
    renewEvaluations: on("ai:evaluate:renew"),
    testServer: on("ai:server:test"),
    getHealth: on("app:health:get"),
    setSafeMode: on("app:safemode:set"),
    getMetrics: on("app:metrics:get"),
    getSettings: on("app:settings:get"),
    saveSettings: on("app:settings:save"),
    getKeyPlaces: on("app:keys:places"),
    wipeData: on("app:data:wipe"),
    exportData: on("app:data:export"),
    getBackups: on("app:backup:list"),
    createBackup: on("app:backup:create"),
  };
}

export type Api = ReturnType<typeof createApi>;
