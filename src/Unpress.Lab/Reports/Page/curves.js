// The two plots: quality over the cycles, and quality over bits per pixel.
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

  const points = all => all.filter(point => point[1] !== null);

  plot("cycles", cycleControls, drawCycles);
  plot("rate", rateControls, drawRate);
})();
