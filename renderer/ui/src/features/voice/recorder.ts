/** One spoken answer while it is recorded: asked for, begun, held, gone on with, stopped. */

import { computed, signal } from "@preact/signals";
import type { Api } from "../../api";
import type { CallError } from "../../bridge";
import type { Recording } from "../../contracts.gen";
import { micProblem, type Microphone, type OpenMicrophone } from "./microphone";
import { type Level, pieceFrame } from "./pieces";

export type Stage = "idle" | "opening" | "recording" | "paused" | "stopping";

export interface RecorderParts {
  api: Pick<Api, "startRecording" | "stopRecording" | "discardRecording">;
  sendBytes: (bytes: Uint8Array<ArrayBuffer>) => void;
  open: OpenMicrophone;
}

const LEVEL_MS = 50;
/** So long nothing loud enough was heard before it is said. */
const QUIET_LEVELS = 80;
/** A peak below this is no voice near a microphone that is on: -34 dB. */
const QUIET_PEAK = 0.02;
const SILENCE: Level = { peak: 0, strength: 0 };

export class Recorder {
  readonly stage = signal<Stage>("idle");
  readonly level = signal(SILENCE);
  readonly error = signal<CallError | undefined>(undefined);
  /** The recording as it was begun; undefined before, and after it is stopped. */
  readonly recording = signal<Recording | undefined>(undefined);
  /** How much was recorded; pauses don't count. */
  readonly elapsedMs = computed(() => this.#levels.value * LEVEL_MS);
  /** Whether hardly anything has been heard for a while. */
  readonly quiet = computed(() => this.#quietLevels.value >= QUIET_LEVELS);
  readonly #levels = signal(0);
  readonly #quietLevels = signal(0);
  readonly #parts: RecorderParts;
  #microphone: Microphone | undefined;
  /** What was heard before the app had given the recording its id. */
  #early: ArrayBuffer[] = [];
  #sent = 0;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  async start(questionId: string, deviceId: string): Promise<void> {
    if (this.stage.peek() !== "idle") return;
    this.#reset();
    this.stage.value = "opening";
    try {
      this.#microphone = await this.#parts.open(deviceId, this.#listener);
      this.stage.value = "recording";
      this.#begun(await this.#parts.api.startRecording({ session_question_id: questionId }));
    } catch (error) {
      await this.#letGo();
      this.error.value = error as CallError;
    }
  }

  pause(): void {
    if (this.stage.peek() !== "recording") return;
    this.stage.value = "paused";
    this.level.value = SILENCE;
    this.#microphone?.pause();
  }

  goOn(): void {
    if (this.stage.peek() !== "paused") return;
    this.#quietLevels.value = 0;
    this.stage.value = "recording";
    this.#microphone?.go();
  }

  /** The recording, as the app has it then; undefined if there is none or it can't be reached. */
  async stop(): Promise<Recording | undefined> {
    const begun = await this.#end();
    if (!begun) return undefined;
    const request = { recording_id: begun.id, pieces: this.#sent };
    try {
      return await this.#parts.api.stopRecording(request);
    } catch (error) {
      this.error.value = error as CallError;
      return undefined;
    }
  }

  /** What was recorded is deleted. */
  async discard(): Promise<void> {
    const begun = await this.#end();
    if (!begun) return;
    await this.#parts.api
      .discardRecording({ recording_id: begun.id })
      .catch((error: CallError) => (this.error.value = error));
  }

  async #end(): Promise<Recording | undefined> {
    const stage = this.stage.peek();
    const begun = this.recording.peek();
    if ((stage !== "recording" && stage !== "paused") || !begun) return undefined;
    this.stage.value = "stopping";
    await this.#letGo();
    return begun;
  }

  async #letGo(): Promise<void> {
    const microphone = this.#microphone;
    this.#microphone = undefined;
    await microphone?.close();
    this.recording.value = undefined;
    this.level.value = SILENCE;
    this.stage.value = "idle";
  }

  #reset(): void {
    this.error.value = undefined;
    this.#levels.value = 0;
    this.#quietLevels.value = 0;
    this.#early = [];
    this.#sent = 0;
  }

  #begun(recording: Recording): void {
    this.recording.value = recording;
    for (const pcm of this.#early) this.#send(pcm);
    this.#early = [];
  }

  #send(pcm: ArrayBuffer): void {
    const id = this.recording.peek()?.id;
    if (id === undefined) this.#early.push(pcm);
    else this.#parts.sendBytes(pieceFrame(id, this.#sent++, pcm));
  }

  readonly #listener = {
    piece: (pcm: ArrayBuffer) => this.#send(pcm),
    level: (level: Level) => {
      this.level.value = level;
      this.#levels.value += 1;
      this.#quietLevels.value = level.peak < QUIET_PEAK ? this.#quietLevels.peek() + 1 : 0;
    },
    ended: () => {
      this.error.value = micProblem(undefined);
      this.pause();
    },
  };
}
