/** Buttons, with an icon and the keys that do the same. */

import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons";
import { Keys } from "./keys";

type Native = JSX.IntrinsicElements["button"];

export interface ButtonProps extends Omit<Native, "icon" | "size"> {
  look?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  keys?: string;
  children?: ComponentChildren;
}

export function Button({ look = "plain", icon, keys, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button ${look} ${rest.class ?? ""}`}>
      {icon && <Icon name={icon} size={18} />}
      {children}
      {keys && <Keys keys={keys} />}
    </button>
  );
}

export interface IconButtonProps extends Omit<Native, "icon" | "label"> {
  icon: IconName;
  label: string;
}

/** A button that is only an icon: `label` is its name and its tooltip. */
export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      class={`icon-button ${rest.class ?? ""}`}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}
