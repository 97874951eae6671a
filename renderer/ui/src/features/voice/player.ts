/** Plays a recording, from any place, and says where it is. */

import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

export class Player {
  readonly playing = signal(false);
  /** Whether it is to play and there is no sound yet. */
  readonly waiting = signal(false);
  readonly atMs = signal(0);
  /** Whether the sound can't be had. */
  readonly failed = signal(false);
  readonly #audio: HTMLAudioElement;
  #frame = 0;

  constructor(url: string) {
    this.#audio = new Audio();
    this.#audio.preload = "none";
    this.#audio.src = url;
    this.#audio.onplaying = () => this.#begin();
    this.#audio.onpause = () => this.#rest();
    this.#audio.onended = () => this.#rest();
    this.#audio.onerror = () => this.#fail();
  }

  toggle(): void {
    if (this.playing.peek()) this.#audio.pause();
    else this.play();
  }

  /** From `ms`, or from where it is; an end that was reached is the beginning again. */
  play(ms?: number): void {
    this.failed.value = false;
    if (ms !== undefined) this.seek(ms);
    this.waiting.value = true;
    this.#audio.play().catch((error: Error) => {
      if (error.name !== "AbortError") this.#fail();
    });
  }

  /** Falls silent; the next time it is from the beginning. */
  stop(): void {
    this.#rest();
    this.#audio.pause();
    if (this.#audio.currentTime > 0) this.seek(0);
  }

  seek(ms: number): void {
    this.#audio.currentTime = ms / 1000;
    this.atMs.value = ms;
  }

  close(): void {
    this.#rest();
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }

  #begin(): void {
    this.waiting.value = false;
    this.playing.value = true;
    cancelAnimationFrame(this.#frame);
    this.#follow();
  }

  #fail(): void {
    if (!this.#audio.hasAttribute("src")) return;
    this.#rest();
    this.failed.value = true;
  }

  readonly #follow = (): void => {
    this.atMs.value = this.#audio.currentTime * 1000;
    this.#frame = requestAnimationFrame(this.#follow);
  };

  #rest(): void {
    cancelAnimationFrame(this.#frame);
    this.waiting.value = false;
    this.playing.value = false;
    this.atMs.value = this.#audio.ended ? 0 : this.#audio.currentTime * 1000;
  }
}

/** A player of its own for each `url`, which falls silent with the part of the page it belongs to. */
export function usePlayer(url: string): Player {
  const player = useMemo(() => new Player(url), [url]);
  useEffect(() => {
    const heard = player;
    return () => heard.close();
  }, [player]);
  return player;
}

export function recordingUrl(id: string): string {
  return `/recordings/${id}.wav`;
}

export function speechUrl(sessionQuestionId: string): string {
  return `/speech/${sessionQuestionId}.wav`;
}
