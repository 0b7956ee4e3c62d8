import { h, icon } from "./dom";
import type { Engine, Finding, Work } from "./engine";
import { text } from "./server";

const rounds = 30, side = 256;

/** What is left of a part of the picture when it is enhanced again and again: the usual model beside the stable one. */
export function cycles(given: { engine: Engine; work: Work; at: { x: number; y: number }; finding: Finding }): void {
  const { engine, work, finding } = given;
  const pictures = new Map<string, string[]>();
  const stop = new AbortController();
  const slider = h("input", { type: "range", id: "round", min: 1, max: rounds, value: 1 }), number = h("output", { for: "round" }, "1");
  const words = h("p", { class: "facts", "aria-live": "polite" }, "Working…");
  const pair = h("div", { class: "tiles pair" });
  const shown = new Map<string, HTMLImageElement>();
  for (const [model, title] of [["photo", "Photo"], ["stable", "Photo, stable"]] as const) {
    const image = h("img", { alt: `${title}: the part after so many times`, width: side, height: side });
    shown.set(model, image);
    pictures.set(model, []);
    pair.append(h("figure", { class: "tile" }, image, h("figcaption", {}, title)));
  }
  const update = () => {
    number.value = slider.value;
    for (const [model, image] of shown) {
      const made = pictures.get(model)!, picture = made[Math.min(Number(slider.value), made.length) - 1];
      if (picture) image.src = picture;
    }
  };
  slider.addEventListener("input", update);
  const dialog = h("dialog", { class: "full", "aria-labelledby": "cycles-title" },
    h("header", { class: "bar" }, h("h2", { id: "cycles-title" }, "Again and again"),
      h("button", { class: "quiet only-icon", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    pair,
    h("div", { class: "bar dial" }, h("label", { for: "round" }, "Enhanced ", number, " times"), slider, words));
  dialog.addEventListener("close", () => {
    stop.abort();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  const fit = (center: number, length: number) => Math.round(Math.min(Math.max(0, center - side / 2), Math.max(0, length - side)));
  let following = true;
  slider.addEventListener("input", () => following = false, { once: true });
  engine.cycles!(work, fit(given.at.x, finding.width), fit(given.at.y, finding.height), side, rounds, (model, round, picture) => {
    pictures.get(model)?.push(picture);
    const least = Math.min(...[...pictures.values()].map(made => made.length));
    words.textContent = least < rounds ? `${least} of ${rounds}` : "Photo changes the picture each time; Photo, stable leaves it as it is.";
    if (following && round > 0) slider.value = String(Math.max(1, least));
    update();
  }, stop.signal).catch(error => words.textContent = text(error));
}
