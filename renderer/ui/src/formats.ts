/** Numbers, times and names as a person reads them. */

import type { Count } from "./contracts.gen";

const DAY_MS = 86_400_000;

/** A number, or what was counted of more: "10,000+". */
export function amount(count: number | Count): string {
  if (typeof count === "number") return count.toLocaleString();
  return count.number.toLocaleString() + (count.more ? "+" : "");
}

export function plural(count: number | Count, one: string, many = `${one}s`): string {
  const text = amount(count);
  return `${text} ${text === "1" ? one : many}`;
}

/** Minutes and seconds as a clock shows them: 3:07, and 1:02:09 from an hour on. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
}

/** A length of time in words: "40 s", "3 min", "1 h 5 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date(iso));
}

export function dateAndTime(iso: string): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(undefined, style).format(new Date(iso));
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The day of `iso` where the person is: Today, Yesterday, else the date. */
export function day(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  const parts = { weekday: "long", day: "numeric", month: "long", ...year } as const;
  return new Intl.DateTimeFormat(undefined, parts).format(date);
}

export function greeting(hour: number): string {
  if (hour < 5) return "Good evening";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

/** A slug as a title: "system-design" is "System design". */
export function title(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function words(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

/** Unicode code points, which is how the app measures a text. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether an address leads nowhere but to this computer. */
export function isThisComputer(url: string): boolean {
  const name = URL.canParse(url) ? new URL(url).hostname : "";
  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

export function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** A file's size, by thousands as file managers count: 8 kB, 2.1 MB. */
export function fileSize(bytes: number): string {
  const units = ["kB", "MB", "GB"];
  let size = Math.max(bytes / 1000, 1);
  while (size >= 1000 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${units[0] === "kB" ? Math.round(size) : size.toFixed(1)} ${units[0]}`;
}
