/** A number with its course over the last minutes, as a picture and in words. */

import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../../context";
import type { Plot, Scale } from "./plot";
import { inWords, type Series } from "./series";

export interface ChartProps {
  title: string;
  series: Series;
  format: (value: number) => string;
  /** What is written at the axis, where it is shorter. */
  short?: (value: number) => string;
  least?: number;
}

export function Chart({ title, series, format, short = format, least = 1 }: ChartProps) {
  return (
    <figure class="chart" role="img" aria-label={`${title}: ${inWords(series, format)}`}>
      <figcaption>
        <span>{title}</span>
        <strong>{format(series.values.at(-1) ?? 0)}</strong>
      </figcaption>
      <Drawing series={series} format={short} least={least} />
    </figure>
  );
}

/** Drawn by a library that is loaded only here, and anew when the colours change. */
function Drawing({ series, format, least }: { series: Series } & Scale) {
  const { settings } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Plot | null>(null);
  const newest = useRef(series);
  newest.current = series;
  drawn.current?.show(series);
  const theme = settings.value?.theme;
  useEffect(() => {
    let gone = false;
    const draw = () => {
      drawn.current?.destroy();
      drawn.current = null;
      void import("./plot").then(({ plot }) => {
        if (gone || !box.current) return;
        drawn.current?.destroy();
        drawn.current = plot(box.current, newest.current, { format, least });
      });
    };
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    draw();
    return () => {
      gone = true;
      dark.removeEventListener("change", draw);
      drawn.current?.destroy();
      drawn.current = null;
    };
  }, [theme]);
  return <div ref={box} class="chart-drawing" aria-hidden="true" />;
}
