import uPlot from "uplot";
import { h } from "./dom";

export interface Line { name: string; steps: number[]; values: (number | null)[] }

// Okabe and Ito's colours, which colour-blind readers can tell apart, a little lighter on dark paper.
const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7a3db8", "#b03a2e"];
const dark = ["#4ea8de", "#ff8c42", "#35c495", "#e79ac4", "#e0bb3c", "#8fd0f5", "#b78cf0", "#f08478"];
const isDark = matchMedia("(prefers-color-scheme: dark)");

/** Curves over the training's steps, as wide as their place; drawn again when the width or the colours change. */
export function chart(title: string, lines: Line[], unit = ""): HTMLElement {
  const place = h("div", { class: "plot" });
  const figure = h("figure", { class: "chart", role: "group", "aria-label": `${title}: ${lines.map(spoken).join("; ")}` }, h("figcaption", {}, title), place);
  const steps = [...new Set(lines.flatMap(line => line.steps))].sort((a, b) => a - b);
  const data = [steps, ...lines.map(line => {
    const at = new Map(line.steps.map((step, k) => [step, line.values[k]]));
    return steps.map(step => at.get(step) ?? null);
  })] as uPlot.AlignedData;
  let plot: uPlot | undefined, width = 0;
  const draw = () => {
    plot?.destroy();
    width = place.clientWidth;
    if (width === 0) return;
    const soft = resolved(place, "--soft"), rule = resolved(place, "--line");
    const font = "12px system-ui, sans-serif";
    const axis: uPlot.Axis = { stroke: soft, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 }, font };
    plot = new uPlot({
      width, height: Math.round(Math.max(180, Math.min(280, width * 0.42))),
      scales: { x: { time: false }, y: { range: (_, low, high) => padded(low, high) } },
      axes: [{ ...axis, size: 34, values: (_, splits) => splits.map(count) }, { ...axis, size: 68, values: (_, splits) => splits.map(number) }],
      series: [{ label: "step", value: (_, value) => (value ?? steps.at(-1) ?? 0).toLocaleString("en") }, ...lines.map((line, k) => ({
        label: line.name, stroke: (isDark.matches ? dark : light)[k % light.length]!, width: 1.75, spanGaps: true,
        points: { show: line.steps.length < 40, size: 5 }, value: (_: uPlot, value: number | null, __: number, at: number | null) => {
          // Without a pointer over it: the newest.
          const shown = at === null ? line.values.findLast(one => one !== null) : value;
          return shown == null ? "–" : number(shown) + unit;
        },
      }))],
      legend: { live: true, markers: { width: 2 } },
      cursor: { focus: { prox: 24 }, drag: { x: true, y: false } },
      focus: { alpha: 0.35 },
    }, data, place);
  };
  // In the next frame: what is drawn changes sizes again, which an observer may not do.
  new ResizeObserver(() => requestAnimationFrame(() => { if (place.clientWidth !== width) draw(); })).observe(place);
  isDark.addEventListener("change", draw);
  return figure;
}

/** A custom property as a colour that a canvas understands: light-dark() is settled. */
function resolved(at: HTMLElement, name: string): string {
  const probe = h("i", { class: `probe${name}` });
  at.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const more = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
  return [low - more, high + more];
}

/** 12500 as 12.5k. */
const count = (step: number): string => step >= 10_000 ? `${Number((step / 1000).toFixed(1))}k` : String(step);

export function number(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? Number(value.toPrecision(3)).toExponential() : Number(value.toPrecision(size >= 10 ? 4 : 3)).toString();
}

function spoken(line: Line): string {
  const there = line.values.filter(value => value !== null);
  return there.length ? `${line.name} from ${number(there[0]!)} to ${number(there.at(-1)!)}` : `${line.name}, no figures yet`;
}
