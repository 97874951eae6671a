/** Listening to a recording: play, where it is, and the picture of it. */

import { IconButton } from "../../components/button";
import type { Filler, Pause } from "../../contracts.gen";
import { clock } from "../../formats";
import type { Player } from "./player";
import { Timeline } from "./Timeline";

export interface PlayBarProps {
  player: Player;
  durationMs: number;
  pauses: readonly Pause[];
  fillers: readonly Filler[];
}

export function PlayBar({ player, durationMs, pauses, fillers }: PlayBarProps) {
  const playing = player.playing.value;
  return (
    <div class="play-bar">
      <IconButton
        class="play"
        icon={playing ? "pause" : "play"}
        label={playing ? "Stop listening" : "Listen to the recording"}
        onClick={() => player.toggle()}
      />
      <Timeline
        durationMs={durationMs}
        pauses={pauses}
        fillers={fillers}
        atMs={player.atMs.value}
        seek={(ms) => player.seek(ms)}
      />
      <span class="play-time">
        {clock(player.atMs.value)} / {clock(durationMs)}
      </span>
      {player.failed.value && (
        <p class="hint" role="status">
          The recording can't be played any more.
        </p>
      )}
    </div>
  );
}
