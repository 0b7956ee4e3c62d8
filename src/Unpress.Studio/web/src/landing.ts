import { h, icon } from "./dom";

/** The first view: a sample photograph, split, and the invitation. */
export function landing(promise: string, choose: (folder: boolean) => void): HTMLElement {
  const range = h("input", { type: "range", class: "unseen", min: 0, max: 100, value: 29, "aria-label": "Sample photograph: where before ends and after begins" });
  const figure = h("figure", { class: "sample" },
    h("img", { src: "sample-before.jpg", alt: "A dandelion at sunset, saved as a JPEG of low quality: blocks and smeared colours.", width: 1280, height: 720 }),
    h("img", { class: "sample-after", src: "sample-after.webp", alt: "The same photograph after Unpress: smooth and clear.", width: 1280, height: 720 }),
    range, h("div", { class: "handle", "aria-hidden": "true" }, h("span", {}, icon("split"))));
  const split = (value: number) => {
    range.value = String(value);
    range.setAttribute("aria-valuetext", `${Math.round(value)} % before`);
    figure.style.setProperty("--split", `${value}%`);
  };
  range.addEventListener("input", () => split(Number(range.value)));
  let moving = false;
  const move = (event: PointerEvent) => {
    const box = figure.getBoundingClientRect();
    split(Math.min(100, Math.max(0, 100 * (event.clientX - box.left) / box.width)));
  };
  figure.addEventListener("pointerdown", event => {
    moving = true;
    figure.setPointerCapture(event.pointerId);
    move(event);
  });
  figure.addEventListener("pointermove", event => { if (moving) move(event); });
  for (const kind of ["pointerup", "pointercancel"] as const) figure.addEventListener(kind, () => moving = false);
  split(29);
  return h("main", { class: "landing" }, figure,
    h("section", { class: "invitation" },
      h("h1", {}, "Unpress"),
      h("p", { class: "lead" }, "Takes the damage of JPEG out of pictures."),
      h("p", {}, "Drop pictures or a folder anywhere, or paste one."),
      h("p", { class: "row" },
        h("button", { class: "main", onclick: () => choose(false) }, "Choose pictures"),
        h("button", { class: "wide-only", onclick: () => choose(true) }, "Choose a folder")),
      h("p", { class: "promise" }, promise)));
}
