/** The microphone: which there are, opening one, and what comes out of it. */

import { CallError } from "../../bridge";
import { ErrorCode } from "../../contracts.gen";
import captureUrl from "./capture.worklet.ts?worker&url";
import type { Level } from "./pieces";

export interface Listener {
  level: (level: Level) => void;
  /** 200 ms of sound, PCM16 at 16 kHz; the last piece may be shorter. */
  piece: (pcm: ArrayBuffer) => void;
  /** The microphone was taken away. */
  ended: () => void;
}

export interface Microphone {
  pause: () => void;
  go: () => void;
  /** Lets the microphone go, after the last piece was told. */
  close: () => Promise<void>;
}

export type OpenMicrophone = (deviceId: string, listener: Listener) => Promise<Microphone>;

export interface Device {
  id: string;
  name: string;
}

/** Whether there is any way to a microphone from this page. */
export function canListen(): boolean {
  return "mediaDevices" in navigator && "AudioWorkletNode" in globalThis;
}

/** Their names are known once one was allowed. */
export async function listDevices(): Promise<Device[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all
    .filter(({ kind, label }) => kind === "audioinput" && label !== "")
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** The sound as it is: what cleans speech for a call also swallows an "um". */
const SOUND = { channelCount: 1, autoGainControl: true, echoCancellation: false, noiseSuppression: false };

/** Raises MIC001, MIC002 or MIC003. */
export const openMicrophone: OpenMicrophone = async (deviceId, listener) => {
  const device = deviceId === "" ? {} : { deviceId: { ideal: deviceId } };
  let stream: MediaStream | undefined;
  let context: AudioContext | undefined;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { ...SOUND, ...device } });
    context = new AudioContext();
    await context.resume();
    await context.audioWorklet.addModule(captureUrl);
    return connect(stream, context, listener);
  } catch (error) {
    stopTracks(stream);
    await context?.close();
    throw micProblem(error);
  }
};

function connect(stream: MediaStream, context: AudioContext, listener: Listener): Microphone {
  const options = { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" } as const;
  const node = new AudioWorkletNode(context, "capture", options);
  let flushed: () => void = () => undefined;
  node.port.onmessage = ({ data }) => {
    if (data.kind === "level") listener.level(data.level);
    else if (data.kind === "piece") listener.piece(data.pcm);
    else flushed();
  };
  const source = context.createMediaStreamSource(stream);
  source.connect(node);
  for (const track of stream.getTracks()) track.onended = listener.ended;
  return {
    pause: () => node.port.postMessage("pause"),
    go: () => node.port.postMessage("go"),
    close: async () => {
      const last = new Promise<void>((done) => (flushed = done));
      node.port.postMessage("pause");
      await last;
      stopTracks(stream);
      await context.close();
    },
  };
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const REFUSED = ["NotAllowedError", "SecurityError"];
const MISSING = ["NotFoundError", "OverconstrainedError", "DevicesNotFoundError"];

/** A browser's refusal in plain words, with what to do. */
export function micProblem(error: unknown): CallError {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (REFUSED.includes(name))
    return problem(
      ErrorCode.MICROPHONE_REFUSED,
      "The app may not use the microphone.",
      "Allow the microphone in the browser's or the system's settings, or type your answer.",
    );
  if (MISSING.includes(name))
    return problem(
      ErrorCode.MICROPHONE_MISSING,
      "No microphone was found.",
      "Connect one and try again, or type your answer.",
    );
  return problem(
    ErrorCode.MICROPHONE_FAILED,
    "The microphone can't be opened, or it stopped.",
    "Another program may be using it. Close that, or choose another microphone.",
  );
}

function problem(code: string, message: string, remedy: string): CallError {
  return new CallError({ code, message, remedy, details: null });
}
