/** Draws a series with uPlot, in the colours of the theme. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Series } from "./series";
import { ticksBetween } from "./ticks";

export const HEIGHT = 112;
const SHOWN_SECONDS = 900;

export interface Plot {
  show: (series: Series) => void;
  destroy: () => void;
}

/** `least` is the least that the axis reaches up to, so that a little noise stays little. */
export interface Scale {
  format: (value: number) => string;
  least: number;
}

export function plot(box: HTMLElement, series: Series, scale: Scale): Plot {
  const chart = new uPlot(options(box, scale), dataOf(series), box);
  const resized = new ResizeObserver(() =>
    chart.setSize({ width: box.clientWidth, height: HEIGHT }),
  );
  resized.observe(box);
  return {
    show: (next) => chart.setData(dataOf(next)),
    destroy: () => {
      resized.disconnect();
      chart.destroy();
    },
  };
}

function options(box: HTMLElement, { format, least }: Scale): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: colour("--ink-3"), font, ticks: { show: false } };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { range: (_self, _first, last) => [last - SHOWN_SECONDS, last] },
      y: { range: (_self, _low, high) => [0, Math.max(high * 1.15, least)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        grid: { show: false },
        splits: (_self, _axis, _first, last) => [last - 600, last - 300, last],
        values: (self, splits) => splits.map((at) => ago(at, self.scales["x"]?.max ?? at)),
        align: 2,
      },
      {
        ...axis,
        size: 46,
        splits: (_self, _axis, low, high) => ticksBetween(low, high),
        grid: { stroke: colour("--line"), width: 1 },
        values: (_self, splits) => splits.map(format),
      },
    ],
    series: [
      {},
      {
        stroke: colour("--accent"),
        fill: colour("--accent-soft"),
        width: 1.75,
        points: { show: false },
      },
    ],
  };
}

function ago(at: number, now: number): string {
  const minutes = Math.round((now - at) / 60);
  return minutes === 0 ? "now" : `${minutes} min ago`;
}

function dataOf({ times, values }: Series): uPlot.AlignedData {
  return [times, values];
}
