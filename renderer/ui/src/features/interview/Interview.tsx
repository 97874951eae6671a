/** The interview on screen: its head, and the phase it is in. */

import { useEffect, useMemo } from "preact/hooks";
import { useShortcuts } from "../../components/shortcuts";
import { useApp } from "../../context";
import type { InterviewSession } from "../../contracts.gen";
import { concerns, onReconnect } from "../../live";
import { go, replace } from "../../routing";
import { canListen, openMicrophone } from "../voice/microphone";
import { Recorder } from "../voice/recorder";
import { SpokenAnswers } from "../voice/spoken-answers";
import { Asking, isBusy } from "./Asking";
import { Feedback } from "./Feedback";
import { Head } from "./Head";
import { InterviewModel } from "./model";
import { Paused } from "./Paused";
import { Review } from "./Review";

export function Interview({ session }: { session: InterviewSession }) {
  const { toasts } = useApp();
  const { model, spoken } = useModels(session);
  const id = session.id;
  useModelLife(model, id);
  useSpokenLife(spoken, model, session);

  const phase = model.phase.value;
  useEffect(() => {
    if (phase === "finished") replace({ screen: "summary", id });
  }, [phase]);

  const leave = () => {
    void model.settle().then((settled) => {
      if (!settled) return;
      model.leave().catch((error: Error) => toasts.show(error.message));
      go({ screen: "start" });
    });
  };
  const pauseOrResume = () => (model.phase.peek() === "paused" ? model.resume() : model.pause());
  useShortcuts({
    "Ctrl+Enter": () => void forward(model, spoken),
    "Alt+R": () => phase === "asking" && speak(model, spoken),
    "Alt+S": () => void (phase === "asking" && model.skip()),
    "Alt+P": pauseOrResume,
    "Alt+PageUp": () => step(model, -1),
    "Alt+PageDown": () => step(model, 1),
  });
  return (
    <div class="interview">
      <Head model={model} leave={leave} pause={pauseOrResume} />
      {phase === "asking" && <Asking key={model.question.value.id} model={model} spoken={spoken} />}
      {phase === "paused" && <Paused model={model} leave={leave} />}
      {phase === "feedback" && <Feedback model={model} />}
      {phase === "review" && <Review model={model} />}
    </div>
  );
}

function useModels(session: InterviewSession) {
  const { api, sendBytes } = useApp();
  return useMemo(() => {
    const recorder = new Recorder({ api, sendBytes, open: openMicrophone });
    const spoken = new SpokenAnswers(api, recorder, (heard) => model.heard(heard));
    const model = new InterviewModel(api, session, spoken.handIn);
    return { model, spoken };
  }, []);
}

/** What was recorded is found again, and a recording ends with its question. */
function useSpokenLife(spoken: SpokenAnswers, model: InterviewModel, session: InterviewSession): void {
  const { subscribe } = useApp();
  useEffect(() => {
    if (!canListen()) return undefined;
    void spoken.load(session);
    const off = subscribe((event) => {
      if (event.topic === "recordings") void spoken.changed(event.ids);
    });
    return () => {
      off();
      spoken.close();
    };
  }, []);
  const asked = model.phase.value === "asking" ? model.question.value.id : "";
  useEffect(() => () => void spoken.stop(), [asked]);
}

/** Time and drafts follow the window: hidden, left, closed, or connected again. */
function useModelLife(model: InterviewModel, id: string): void {
  const { subscribe, link } = useApp();
  useEffect(() => {
    const reload = () => void model.reload().catch(() => undefined);
    const visible = () => model.visible(!document.hidden);
    const save = () => model.saveNow();
    const ask = (event: BeforeUnloadEvent) => model.undecided && event.preventDefault();
    const off = [
      subscribe((event) => concerns(event, "sessions", id) && reload()),
      onReconnect(link, () => void model.reconnected().catch(() => undefined)),
    ];
    document.addEventListener("visibilitychange", visible);
    addEventListener("blur", save);
    addEventListener("pagehide", save);
    addEventListener("beforeunload", ask);
    model.resume();
    return () => {
      for (const stop of off) stop();
      document.removeEventListener("visibilitychange", visible);
      removeEventListener("blur", save);
      removeEventListener("pagehide", save);
      removeEventListener("beforeunload", ask);
      model.stop();
    };
  }, []);
}

/** Begins to record or ends it, by the key that does both. */
function speak(model: InterviewModel, spoken: SpokenAnswers): void {
  if (!canListen()) return;
  const stage = spoken.recorder.stage.peek();
  if (stage === "recording" || stage === "paused") void spoken.stop();
  else if (spoken.way.peek() === "type") spoken.way.value = "speak";
  else void spoken.start(model.question.peek().id);
}

function forward(model: InterviewModel, spoken: SpokenAnswers): void {
  const phase = model.phase.peek();
  if (phase === "asking" && isBusy(spoken, model.question.peek().id)) void spoken.stop();
  else if (phase === "asking") void model.next();
  if (phase === "feedback") model.goOn();
  if (phase === "paused") model.resume();
  if (phase === "review") void model.finish();
}

function step(model: InterviewModel, by: number): void {
  const index = model.index.peek() + by;
  const inside = index >= 0 && index < model.session.peek().questions.length;
  if (inside && model.phase.peek() === "asking") model.goTo(index);
}
