import { h, icon } from "./dom";
import { end, type Engine, type Model, type Work } from "./engine";
import { Stage, View } from "./stage";
import { text } from "./server";

interface Given {
  engine: Engine;
  models: Model[];
  work: Work;
  at: { x: number; y: number };
  scale: number;
  pick: (work: Work, strength: number) => void;
}

/** The same part of the picture at several strengths, through several models, with several seeds; one is picked. */
export function compare(given: Given): void {
  const { engine, models, work } = given;
  const grid = h("div", { class: "tiles" });
  const tabs = h("div", { class: "row tabs", role: "tablist", "aria-label": "What to compare" });
  const dialog = h("dialog", { class: "full", "aria-labelledby": "compare-title" },
    h("header", { class: "bar" }, h("h2", { id: "compare-title" }, "Which one?"), tabs,
      h("button", { class: "quiet only-icon", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))), grid);
  const made: Work[] = [];
  // Those of somebody's own, and of research, are compared when they are asked for.
  const usual = models.filter(model => ["photo", "vivid", "lite", "drawings", "stable"].includes(model.name) || model.name === work.model);
  let view = new View();

  const tile = (title: string, source: Work, strength: number) => {
    const stage = new Stage({ label: title, split: false, view });
    const words = h("span", { class: "tile-state" }, "…");
    const choose = h("button", { disabled: true, onclick: () => {
      kept.add(source);
      dialog.close();
      given.pick(source, strength);
    } }, title);
    grid.append(h("figure", { class: "tile" }, stage.element, words, h("figcaption", {}, choose)));
    stage.opacity = strength / 100;
    const progress = () => words.textContent = source.state === "running" ? `${Math.round(100 * source.progress)} %` : "…";
    source.watch.add(progress);
    void end(source).then(async () => {
      source.watch.delete(progress);
      if (source.state !== "done") throw new Error(source.error ?? "stopped");
      const { before, after } = await engine.views(source);
      await stage.show(before, after);
      words.hidden = true;
      choose.disabled = false;
      center();
    }).catch(error => words.textContent = text(error));
  };

  const kept = new Set<Work>([work]);
  let centered = false;
  const center = () => {
    if (centered) return;
    centered = true;
    const box = grid.querySelector(".stage")!.getBoundingClientRect();
    const scale = Math.max(given.scale, 1 / devicePixelRatio);
    view.set(box.width / 2 - given.at.x * scale, box.height / 2 - given.at.y * scale, scale);
  };

  const start = (model: string, seed?: number) => {
    const other = engine.start(work.file, model, { from: work, seed, again: true });
    made.push(other);
    return other;
  };

  const show = (which: string) => {
    grid.replaceChildren();
    view = new View();
    centered = false;
    for (const tab of tabs.children) tab.setAttribute("aria-selected", String((tab as HTMLElement).dataset.which === which));
    if (which === "strengths") for (const strength of [25, 50, 75, 100]) tile(`Strength ${strength}`, work, strength);
    if (which === "kinds" || which === "models") for (const model of which === "kinds" ? usual : models)
      tile(model.title, model.name === work.model ? work : made.find(one => one.model === model.name && one.seed === undefined) ?? start(model.name), 100);
    if (which === "seeds") for (const seed of [1, 2, 3, 4]) tile(`Answer ${seed}`, made.find(one => one.seed === seed) ?? start(work.model, seed), 100);
  };

  const kinds: [string, string, boolean][] = [
    ["strengths", "Strengths", true], ["kinds", "Kinds", usual.length > 1], ["models", "All models", models.length > usual.length],
    ["seeds", "Answers", models.find(model => model.name === work.model)?.hasSeeds ?? false],
  ];
  for (const [which, title, there] of kinds)
    if (there) tabs.append(h("button", { role: "tab", "data-which": which, onclick: () => show(which) }, title));
  dialog.addEventListener("close", () => {
    for (const other of made) if (!kept.has(other)) engine.cancel(other);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  show("strengths");
}
