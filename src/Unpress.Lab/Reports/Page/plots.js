// Draws lines in the colours of the page, as wide as the page, again whenever either changes.
const plots = (() => {
  "use strict";
  // Okabe and Ito's colours, which colour-blind readers can tell apart, a little lighter on dark paper.
  const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7a3db8", "#b03a2e", "#3f7d20", "#5d6d7e"];
  const dark = ["#4ea8de", "#ff8c42", "#35c495", "#e79ac4", "#e0bb3c", "#8fd0f5", "#b78cf0", "#f08478", "#8ccf6b", "#a9b8c6"];
  const colour = index => (theme.isDark() ? dark : light)[index % light.length];

  const height = width => Math.round(Math.max(260, Math.min(400, width * 0.5)));

  // lines: { name, colour (index, or null for the soft one), points: [[x, y], …], marks: false without marks, line: false without a line }
  function draw(parent, lines, axes, hidden) {
    const xs = [...new Set(lines.flatMap(line => line.points.map(point => point[0])))].sort((a, b) => a - b);
    const values = lines.map(line => {
      const byX = new Map(line.points);
      return xs.map(x => byX.get(x) ?? null);
    });
    const width = parent.clientWidth;
    const axis = { stroke: theme.colour("--soft"), grid: { stroke: theme.colour("--line"), width: 1 }, ticks: { stroke: theme.colour("--line"), width: 1 }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif" };
    const marks = lines.map((line, index) => {
      const stroke = line.colour === null ? theme.colour("--soft") : colour(line.colour);
      return {
        label: line.name, stroke, width: 2, spanGaps: true, show: !hidden.has(line.name),
        dash: line.colour === null ? [6, 4] : line.colour >= light.length ? [10, 4] : undefined,
        points: { show: line.marks !== false, size: 6, fill: stroke, stroke },
        paths: line.line === false ? () => null : undefined,
        value: (plot, value, series, at) => dom.number(at === null || at === undefined ? null : values[index][at], axes.decimals),
      };
    });
    parent.replaceChildren();
    const plot = new uPlot({
      width,
      height: height(width),
      scales: { x: { time: false, range: (plot, low, high) => padded(low, high, 0.03) }, y: { range: (plot, low, high) => padded(low, high, 0.08) } },
      axes: [{ ...axis, label: axes.x, values: axes.whole ? (plot, splits) => splits.map(split => (Number.isInteger(split) ? split : "")) : undefined }, { ...axis, label: axes.y, size: 62 }],
      series: [{ label: axes.x, value: (plot, value) => (value === null || value === undefined ? "–" : axes.whole ? value : value.toFixed(3)) }, ...marks],
      legend: { markers: { fill: (plot, index) => marks[index - 1].stroke, width: 0 } },
      cursor: { focus: { prox: 24 }, drag: { x: true, y: false } },
      focus: { alpha: 0.35 },
      hooks: { setSeries: [(plot, index) => remember(plot, index, hidden)] },
    }, [xs, ...values], parent);
    return plot;
  }

  function remember(plot, index, hidden) {
    if (index > 0)
      hidden[plot.series[index].show ? "delete" : "add"](plot.series[index].label);
  }

  function padded(low, high, share) {
    if (low === null || high === null)
      return [0, 1];
    const more = (high - low) * share || Math.abs(high) * 0.01 || 1;
    return [low - more, high + more];
  }

  // Draws now, and again when the width or the colours change.
  function keep(parent, redraw) {
    let width = 0;
    // In the next frame: what is drawn changes sizes again, which an observer may not do.
    new ResizeObserver(() => requestAnimationFrame(() => {
      if (parent.clientWidth !== width) {
        width = parent.clientWidth;
        redraw();
      }
    })).observe(parent);
    theme.onChange(redraw);
  }

  return { draw, keep };
})();
