import type { LabRunView } from "./api";
import { chart, number, type Line } from "./chart";
import { h } from "./dom";

/** One training: where it is, its curves, what it made of a picture over time, its recipe. */
export function trainingView(training: LabRunView): HTMLElement[] {
  const { curves } = training;
  const of = (kind: string, name: RegExp): Line[] => curves.filter(curve => curve.kind === kind && name.test(curve.name)).map(curve => ({ ...curve, name: words(curve.name) }));
  const plots: [string, Line[], string][] = [
    ["Loss", of("train", /^loss/), ""], ["Validation, PSNR", of("validation", /^psnr/), " dB"], ["Validation", of("validation", /^(?!psnr)/), ""],
    ["Learning rate", of("train", /^learning_rate$/), ""], ["Gradient norm", of("train", /^gradient_norm$/), ""], ["Steps a second", of("train", /^steps_per_second$/), ""],
  ];
  const made: HTMLElement[] = [facts(training)];
  if (curves.length === 0) made.push(h("p", {}, "Nothing has been logged yet."));
  made.push(h("div", { class: "charts" }, ...plots.filter(([, lines]) => lines.length > 0).map(([title, lines, unit]) => chart(title, lines, unit))));
  if (training.samples.length > 0) made.push(samples(training));
  if (training.recipe !== undefined)
    made.push(h("details", { class: "recipe", open: true }, h("summary", {}, "Recipe"), h("pre", { tabindex: 0 }, training.recipe)));
  return made;
}

/** psnr_rgb_qf20 as QF 20; loss_l1 as l1. */
function words(name: string): string {
  const quality = /^psnr_rgb_([a-z]+)(\d+)$/.exec(name);
  return quality ? `${quality[1]!.toUpperCase()} ${quality[2]}` : name.replace(/^loss_/, "").replaceAll("_", " ");
}

function facts({ curves, done }: LabRunView): HTMLElement {
  const last = (kind: string, name: string) => curves.find(curve => curve.kind === kind && curve.name === name)?.values.findLast(value => value !== null);
  const step = Math.max(0, ...curves.map(curve => curve.steps.at(-1) ?? 0));
  const best = curves.filter(curve => curve.kind === "validation").map(curve => {
    const values = curve.values.map(value => value ?? -Infinity), top = Math.max(...values);
    return [`Best at ${words(curve.name)}`, `${number(top)} dB, step ${curve.steps[values.indexOf(top)]!.toLocaleString("en")}`] as const;
  });
  const rows: (readonly [string, string])[] = [["Step", step.toLocaleString("en")]];
  for (const [title, name] of [["Loss", "loss"], ["Learning rate", "learning_rate"], ["Steps a second", "steps_per_second"]] as const) {
    const value = last("train", name);
    if (value != null) rows.push([title, number(value)]);
  }
  rows.push(...best, ["Weights", done ? "model.safetensors" : "none yet"]);
  return h("dl", { class: "lab-facts" }, ...rows.map(([title, value]) => h("div", {}, h("dt", {}, title), h("dd", {}, value))));
}

/** What the network made of one picture, from the first validation to the last. */
function samples({ path, samples: all }: LabRunView): HTMLElement {
  const address = (file: string) => `/v1/lab/sample?${new URLSearchParams({ path, file })}`;
  const settings = [...new Set(all.filter(sample => sample.step !== undefined).map(sample => sample.setting))];
  const steps = [...new Set(all.flatMap(sample => sample.step ?? []))];
  const slider = h("input", { type: "range", id: "sample-step", min: 0, max: Math.max(0, steps.length - 1), value: steps.length - 1, disabled: steps.length < 2 });
  const shown = h("output", { for: "sample-step" });
  const rows = settings.map(setting => {
    const before = all.find(sample => sample.step === undefined && sample.setting === setting), original = all.find(sample => sample.file === "original.png");
    const now = h("img", { alt: "" });
    const picture = (title: string, image: HTMLImageElement) => h("figure", {}, image, h("figcaption", {}, title));
    return {
      setting, now,
      element: h("div", { class: "sample-row" },
        before ? picture(`${words(`psnr_rgb_${setting}`)}, compressed`, h("img", { src: address(before.file), alt: "The sample, compressed" })) : null,
        picture("after this step", now),
        original ? picture("original", h("img", { src: address(original.file), alt: "The sample's original" })) : null),
    };
  });
  const update = () => {
    const step = steps[Number(slider.value)]!;
    shown.value = step.toLocaleString("en");
    for (const { setting, now } of rows) {
      const sample = all.find(one => one.step === step && one.setting === setting);
      if (sample) now.src = address(sample.file);
      now.alt = `The sample restored after ${step} steps`;
    }
  };
  slider.addEventListener("input", update);
  update();
  return h("section", { class: "samples" }, h("h2", {}, "Samples"),
    h("p", { class: "field" }, h("label", { for: "sample-step" }, "After step ", shown), slider), ...rows.map(row => row.element));
}
