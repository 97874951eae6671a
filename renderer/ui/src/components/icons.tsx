/** The icons, drawn on a grid of 20 with one weight of line. */

const PATHS = {
  start: "M10 3.2a6.8 6.8 0 1 1-3.6 12.6L3.2 16.8l1-3.2A6.8 6.8 0 0 1 10 3.2Z",
  history: "M3.5 10a6.5 6.5 0 1 0 2-4.7L3.5 7.2M3.5 3.6v3.6h3.6M10 6.4V10l2.5 1.6",
  questions: "M4 4.5h12M4 8.2h12M4 11.8h7.5M4 15.5h7.5",
  settings:
    "M3.5 6h6.2M13.8 6h2.7M3.5 14h2.7M10.3 14h6.2M11.8 4v4M8.2 12v4",
  play: "M7 4.6v10.8l8.4-5.4L7 4.6Z",
  microphone: "M10 3a2.4 2.4 0 0 1 2.4 2.4v4.2a2.4 2.4 0 0 1-4.8 0V5.4A2.4 2.4 0 0 1 10 3ZM5.2 9.4a4.8 4.8 0 0 0 9.6 0M10 14.2V17",
  stop: "M6 6h8v8H6V6Z",
  speaker: "M3.8 8v4h2.7l3.7 3V5L6.5 8H3.8ZM13 7.6a3.4 3.4 0 0 1 0 4.8M15.2 5.4a6.5 6.5 0 0 1 0 9.2",
  pause: "M7.2 5v10M12.8 5v10",
  skip: "M5 5l6 5-6 5V5ZM14.5 5v10",
  next: "M4.5 10h11M11 5.5l4.5 4.5-4.5 4.5",
  back: "M15.5 10h-11M9 5.5 4.5 10 9 14.5",
  left: "M12 5 7 10l5 5",
  right: "M8 5l5 5-5 5",
  down: "M5 8l5 5 5-5",
  check: "M4.5 10.5l3.7 3.7 7.3-8",
  partly: "M5 10h10",
  missing: "M6 6l8 8M14 6l-8 8",
  copy: "M7.5 7.5h8.5v9H7.5v-9ZM4 12.5v-9h8.5",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  edit: "M12.6 4.4l3 3L7.4 15.6l-3.9.9.9-3.9 8.2-8.2Z",
  delete: "M4 6h12M8 6V4h4v2M6 6l.7 10.5h6.6L14 6",
  plus: "M10 4.5v11M4.5 10h11",
  search: "M8.8 3.8a5 5 0 1 1 0 10 5 5 0 0 1 0-10ZM12.6 12.6l3.9 3.9",
  clock: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM10 6.5V10l2.3 1.8",
  shield: "M10 3l5.5 2.2v4.3c0 3.5-2.3 6.1-5.5 7.5-3.2-1.4-5.5-4-5.5-7.5V5.2L10 3Z",
  cloud: "M6.2 15.5h7.6a3.2 3.2 0 0 0 .5-6.4 4.6 4.6 0 0 0-8.9 1.1 2.7 2.7 0 0 0 .8 5.3Z",
  info: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM10 9.2v4.2M10 6.5v.1",
  warning: "M10 3.8l7 12.4H3L10 3.8ZM10 8.4v3.6M10 14v.1",
  again: "M16.2 10a6.2 6.2 0 1 1-1.8-4.4l1.8 1.9M16.2 3.8v3.7h-3.7",
  flag: "M5 17V4h9.5l-2 3.3 2 3.3H5",
  keyboard: "M3 6h14v8.5H3V6ZM6 9h.1M9 9h.1M12 9h.1M14.5 9h.1M7 12h6",
  lock: "M5 9.2h10v7H5v-7ZM7.2 9.2V6.8a2.8 2.8 0 0 1 5.6 0v2.4",
  spark: "M10 3.5l1.7 4.8 4.8 1.7-4.8 1.7L10 16.5l-1.7-4.8L3.5 10l4.8-1.7L10 3.5Z",
  people: "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.8 16c.3-2.7 2.2-4.2 4.7-4.2s4.4 1.5 4.7 4.2M13 9.3a2.3 2.3 0 1 0-.8-4.5M14 11.9c1.8.3 3 1.6 3.2 3.7",
  server: "M4 4.2h12v4.6H4V4.2ZM4 11.2h12v4.6H4v-4.6ZM6.8 6.5h.1M6.8 13.5h.1",
  layout: "M3.5 4.5h13v11h-13v-11ZM3.5 8h13M8 8v7.5",
  chart: "M4 16V4M4 16h12.5M7.5 13V9.5M11 13V6.5M14.5 13v-2",
  network: "M10 3.8v3M7.5 6.8h5v3h-5v-3ZM3.5 13.2h5v3h-5v-3ZM11.5 13.2h5v3h-5v-3ZM6 13.2v-1.6h8v1.6M10 9.8v1.8",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4M11.2 4.5l-2.4 11",
  loop: "M6.5 7a3 3 0 1 0 0 6c3 0 4-6 7-6a3 3 0 1 1 0 6c-3 0-4-6-7-6Z",
  compass: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM12.8 7.2l-1.5 4.1-4.1 1.5 1.5-4.1 4.1-1.5Z",
  board: "M4 4.5h12v11H4v-11ZM8 4.5v11M12 4.5v11M10 8h.1M6 8h.1M6 10.5h.1M14 8h.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

const TOPIC_ICONS: Record<string, IconName> = {
  backend: "server",
  behavioural: "people",
  data: "chart",
  devops: "loop",
  frontend: "layout",
  "product-management": "compass",
  "project-management": "board",
  "software-engineering": "code",
  "system-design": "network",
};

const ROLE_ICONS: Record<string, IconName> = {
  "full-stack-engineer": "code",
  "engineering-lead": "network",
};

export function roleIcon(role: string, topics: readonly string[]): IconName {
  return ROLE_ICONS[role] ?? topicIcon(topics[0]);
}

export function topicIcon(topic: string | undefined): IconName {
  return TOPIC_ICONS[topic ?? ""] ?? "questions";
}
