/** A place with nothing in it yet: what will be here, and how to begin. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

export interface EmptyProps {
  icon: IconName;
  title: string;
  text: string;
  children?: ComponentChildren;
}

export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
