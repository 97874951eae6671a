/** Which microphone, where there is more than one; they have names once one was allowed. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Device, listDevices } from "./microphone";

export function DeviceChoice({ device, disabled }: { device: Signal<string>; disabled: boolean }) {
  const devices = useSignal<readonly Device[]>([]);
  useEffect(() => {
    const read = () => void listDevices().then((found) => (devices.value = found));
    read();
    navigator.mediaDevices.addEventListener("devicechange", read);
    return () => navigator.mediaDevices.removeEventListener("devicechange", read);
  }, [disabled]);
  const chosen = devices.value.filter(({ id }) => id !== "default");
  if (chosen.length < 2) return null;
  return (
    <select
      class="device"
      aria-label="Microphone"
      disabled={disabled}
      value={device.value}
      onChange={(event) => (device.value = event.currentTarget.value)}
    >
      <option value="">The system's microphone</option>
      {chosen.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
