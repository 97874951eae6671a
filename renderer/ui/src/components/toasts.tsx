/** Short messages at the foot of the window, with one thing to do about them. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../context";
import { Button, IconButton } from "./button";

export const TOAST_MS = 10_000;

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

export class Toasts {
  readonly #shown = signal<readonly Toast[]>([]);
  #lastId = 0;

  get shown(): ReadonlySignal<readonly Toast[]> {
    return this.#shown;
  }

  show(text: string, action?: Toast["action"]): void {
    const toast = { id: ++this.#lastId, text, ...(action ? { action } : {}) };
    this.#shown.value = [...this.#shown.value.slice(-2), toast];
  }

  dismiss(id: number): void {
    this.#shown.value = this.#shown.value.filter((toast) => toast.id !== id);
  }
}

export function ToastRegion() {
  const { toasts } = useApp();
  return (
    <section class="toasts" aria-label="Messages" aria-live="polite">
      {toasts.shown.value.map((toast) => (
        <ToastView key={toast.id} toast={toast} dismiss={() => toasts.dismiss(toast.id)} />
      ))}
    </section>
  );
}

/** Its time runs only while neither pointer nor focus is on it. */
function ToastView({ toast, dismiss }: { toast: Toast; dismiss: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer = setTimeout(dismiss, TOAST_MS);
    const hold = () => clearTimeout(timer);
    const release = () => {
      hold();
      timer = setTimeout(dismiss, TOAST_MS);
    };
    const box = element.current;
    box?.addEventListener("pointerenter", hold);
    box?.addEventListener("pointerleave", release);
    return hold;
  }, []);
  const act = () => {
    dismiss();
    toast.action?.run();
  };
  return (
    <div class="toast" ref={element}>
      <span>{toast.text}</span>
      {toast.action && (
        <Button look="quiet" keys="Alt+Z" onClick={act}>
          {toast.action.label}
        </Button>
      )}
      <IconButton icon="close" label="Dismiss message" onClick={dismiss} />
    </div>
  );
}
