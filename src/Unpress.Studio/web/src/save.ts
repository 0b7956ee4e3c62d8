import { h, icon, say, size } from "./dom";
import type { About, Engine, Saving } from "./engine";
import { text } from "./server";

interface Asked {
  engine: Engine;
  title: string;
  strength: number;
  provable: boolean;
  /** Null where there is no single file whose size could be known. */
  about: ((saving: Saving) => Promise<About>) | null;
  save: (saving: Saving) => Promise<void>;
  proved: (share: number | undefined) => void;
}

const remembered = { format: "png", quality: 95, lossy: false, metadata: "keep", consistent: false };

/** Asks how to save. Nothing is written before the answer. */
export function askHowToSave(asked: Asked): void {
  const { engine } = asked;
  const format = h("select", { id: "format" }, ...engine.formats.map(one => h("option", { value: one.value, selected: one.value === remembered.format }, one.title)));
  const lossy = h("input", { type: "checkbox", checked: remembered.lossy });
  const quality = h("input", { type: "range", id: "quality", min: 50, max: 100, value: remembered.quality });
  const shownQuality = h("output", { for: "quality" });
  const metadata = h("select", { id: "metadata" },
    ...([["keep", "Keep everything"], ["no-gps", "Leave out the place"], ["none", "Leave out all but the colours"]] as const)
      .map(([value, title]) => h("option", { value, selected: value === remembered.metadata }, title)));
  const consistent = h("input", { type: "checkbox", checked: remembered.consistent && asked.provable });
  const facts = h("p", { class: "facts", "aria-live": "polite" }), warning = h("p", { class: "warning", hidden: true });
  const save = h("button", { class: "main", type: "submit" }, icon("save"), "Save");
  const lossyRow = h("label", { class: "check" }, lossy, "Smaller, with some loss");
  const qualityRow = h("p", { class: "field" }, h("label", { for: "quality" }, "Quality ", shownQuality), quality);
  const form = h("form", { method: "dialog" },
    h("h2", { id: "save-title" }, asked.title),
    h("p", { class: "field" }, h("label", { for: "format" }, "Format"), format),
    lossyRow, qualityRow,
    engine.canProve ? h("p", { class: "field" }, h("label", { for: "metadata" }, "Camera, date and place"), metadata) : null,
    asked.provable ? h("label", { class: "check" }, consistent,
      h("span", {}, "Keep to what the JPEG says ", h("small", {}, "Saved as JPEG again, in the same way, the result becomes your JPEG. This is checked."))) : null,
    warning, facts,
    h("p", { class: "row end" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), save));
  const dialog = h("dialog", { "aria-labelledby": "save-title" }, form);
  let turn = 0;

  const saving = (): Saving => {
    const kind = engine.formats.find(one => one.value === format.value)!.lossy;
    const loses = kind === "always" || (kind === "maybe" && lossy.checked);
    return { strength: asked.strength, format: format.value, quality: loses ? Number(quality.value) : undefined, metadata: metadata.value, consistent: consistent.checked };
  };

  const update = async () => {
    const wanted = saving(), mine = ++turn;
    const kind = engine.formats.find(one => one.value === format.value)!.lossy;
    lossyRow.hidden = kind !== "maybe";
    qualityRow.hidden = wanted.quality === undefined;
    shownQuality.value = quality.value;
    warning.hidden = wanted.quality === undefined || (wanted.quality >= 92 && !wanted.consistent);
    warning.textContent = wanted.consistent && wanted.quality !== undefined
      ? "The check is of these pixels; this format changes them again. PNG keeps them."
      : "At this quality the format puts some of the damage back. PNG keeps every pixel.";
    Object.assign(remembered, { format: wanted.format, quality: Number(quality.value), lossy: lossy.checked, metadata: wanted.metadata, consistent: wanted.consistent });
    if (!asked.about) {
      facts.textContent = "One ZIP file holds all of them, at full strength.";
      return;
    }
    facts.textContent = "…";
    await new Promise(resolve => setTimeout(resolve, 250));
    if (mine !== turn) return;
    try {
      const about = await asked.about(wanted);
      if (mine !== turn) return;
      facts.textContent = `${about.name}, ${size(about.bytes)}${about.note ? `; ${about.note}` : ""}`;
      asked.proved(about.reproduced);
      save.disabled = false;
    } catch (error) {
      if (mine !== turn) return;
      facts.textContent = text(error);
      save.disabled = true;
    }
  };

  form.addEventListener("input", () => void update());
  form.addEventListener("submit", () => void asked.save(saving()).then(() => say("Saved"), error => alert(text(error))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  void update();
}
