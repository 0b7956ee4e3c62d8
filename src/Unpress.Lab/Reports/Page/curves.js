// The plots: quality over the cycles, quality over bits per pixel, and distances from the compressed pictures.
(() => {
  "use strict";
  const data = dom.data("charts");
  const compressions = data.sets.flatMap(set => set.codecs.map(codec => ({ ...codec, title: data.sets.length > 1 ? `${set.name}, ${codec.name}` : codec.name })));

  function metricLabel(metric) {
    const better = metric.higher === null ? "" : ` (${metric.higher ? "higher" : "lower"} is better)`;
    return `${metric.name}${metric.unit ? `, ${metric.unit}` : ""}${better}`;
  }

  function plot(kind, controls, build) {
    const place = document.querySelector(`[data-plot="${kind}"]`);
    if (!place)
      return;
    const bar = dom.make("div", { className: "controls" });
    const canvas = dom.make("div", {});
    const state = { compression: 0, setting: 0, metric: 0, cycle: 0 };
    const hidden = new Set();
    const redraw = () => canvas.clientWidth > 0 && build(canvas, state, hidden);
    controls(bar, state, redraw);
    place.append(bar, canvas);
    plots.keep(canvas, redraw);
  }

  const metricChoice = (bar, state, redraw) =>
    dom.choice(bar, "Metric", data.metrics.map(metric => metric.name), index => { state.metric = index; redraw(); });

  function cycleControls(bar, state, redraw) {
    let settings;
    const fill = () => settings.replaceChildren(...compressions[state.compression].settings.map((setting, index) => new Option(setting.label, index)));
    dom.choice(bar, "Set", compressions.map(one => one.title), index => { state.compression = index; state.setting = 0; fill(); redraw(); });
    settings = dom.make("select", {});
    settings.addEventListener("change", () => { state.setting = Number(settings.value); redraw(); });
    fill();
    if (compressions.some(one => one.settings.length > 1))
      bar.append(dom.make("label", {}, "Setting", settings));
    metricChoice(bar, state, redraw);
  }

  function drawCycles(canvas, state, hidden) {
    const metric = data.metrics[state.metric];
    const curves = compressions[state.compression].settings[state.setting].curves[state.metric];
    const lines = data.enhancers.map((name, index) => ({ name, colour: index, points: points(curves[index].map((value, cycle) => [cycle, value])) }));
    plots.draw(canvas, lines.filter(line => line.points.some(point => point[0] > 0)), { x: "cycle", y: metricLabel(metric), decimals: metric.decimals, whole: true }, hidden);
  }

  function rateControls(bar, state, redraw) {
    dom.choice(bar, "Set", compressions.map(one => one.title), index => { state.compression = index; redraw(); });
    metricChoice(bar, state, redraw);
    const cycles = Array.from({ length: data.cycles }, (_, index) => (index === 0 ? "once" : `${index + 1} times`));
    dom.choice(bar, "Enhanced", cycles, index => { state.cycle = index; redraw(); });
  }

  function drawRate(canvas, state, hidden) {
    const metric = data.metrics[state.metric];
    const settings = compressions[state.compression].settings.filter(setting => setting.bits !== null);
    const line = (name, colour, value) => ({ name, colour, points: points(settings.map(setting => [setting.bits, value(setting.curves[state.metric])])) });
    const lines = [
      line("compressed", null, curves => curves[0][0]),
      ...data.enhancers.map((name, index) => line(name, index, curves => curves[index][state.cycle + 1] ?? null)),
    ];
    plots.draw(canvas, lines.filter(one => one.points.length > 0), { x: "bits per pixel", y: metricLabel(metric), decimals: metric.decimals, whole: false }, hidden);
  }

  function disparityControls(bar, state, redraw) {
    const titles = [...new Set(data.disparities.map(one => one.title))], metrics = [...new Set(data.disparities.map(one => one.metric))];
    dom.choice(bar, "Set", titles, index => { state.title = titles[index]; redraw(); });
    dom.choice(bar, "Distance", metrics, index => { state.distance = metrics[index]; redraw(); });
    [state.title, state.distance] = [titles[0], metrics[0]];
  }

  // Least squares: y over x, at both ends of x.
  function regression(points) {
    const mean = index => points.reduce((sum, point) => sum + point[index], 0) / points.length;
    const x = mean(0), y = mean(1);
    const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
    const slope = spread > 0 ? points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread : 0;
    return [points[0], points.at(-1)].map(point => [point[0], y + slope * (point[0] - x)]);
  }

  function drawDisparity(canvas, state, hidden) {
    const shown = data.disparities.find(one => one.title === state.title && one.metric === state.distance);
    if (!shown)
      return;
    const xs = shown.points.flat().map(point => point[0]), ends = [Math.min(...xs), Math.max(...xs)];
    const lines = [{ name: "as far as raw", colour: null, points: ends.map(x => [x, x]), marks: false }];
    data.enhancers.forEach((name, index) => {
      if (shown.points[index].length < 2)
        return;
      lines.push({ name, colour: index, points: shown.points[index], line: false });
      lines.push({ name: `${name}, regression`, colour: index, points: regression(shown.points[index]), marks: false });
    });
    plots.draw(canvas, lines, { x: `${shown.metric}: compressed to raw`, y: "compressed to enhanced", decimals: 4, whole: false }, hidden);
  }

  const points = all => all.filter(point => point[1] !== null);

  plot("cycles", cycleControls, drawCycles);
  plot("rate", rateControls, drawRate);
  plot("disparity", disparityControls, drawDisparity);
})();
