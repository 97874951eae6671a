/** Sizes, shares and times as the diagnostics show them. */

import { duration } from "../../formats";

const MB = 1_000_000;

export function megabytes(bytes: number): string {
  return `${round(bytes / MB)} MB`;
}

/** A short time: with one digit below 10, else whole; a dash where nothing was measured. */
export function milliseconds(ms: number | null): string {
  return ms === null ? "–" : `${round(ms)} ms`;
}

/** A share of one in percent, exact enough to tell 0.1 % from nothing. */
export function percent(share: number): string {
  return `${round(share * 100)} %`;
}

export function count(value: number): string {
  return value.toLocaleString();
}

export function uptime(seconds: number): string {
  return seconds > 0 ? duration(seconds * 1000) : "–";
}

function round(value: number): string {
  if (value === 0) return "0";
  if (value < 0.1) return value.toPrecision(1);
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString();
}
