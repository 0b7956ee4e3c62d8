import { h, icon, say, time } from "./dom";
import { change, end, type Engine, type Model, type Work } from "./engine";
import { askHowToSave } from "./save";
import { Stage } from "./stage";
import { text } from "./server";
import { Brush, type Stroke } from "./brush";
import { compare } from "./compare";
import { cycles } from "./cycles";

interface Given { engine: Engine; models: Model[]; work: Work; back: () => void; replaced: (work: Work) => void }

/** What was chosen for a picture when somebody left it, for when he comes back. */
const left = new WeakMap<Work, { strength: number; strokes: readonly Stroke[]; version: number }>();
/** The version of the mask that the engine has. */
const sent = new WeakMap<Work, number>();

/** One picture: what was found, before and after, how much, save. */
export function viewer(given: Given): { element: HTMLElement; close: () => void } {
  const { engine, models } = given;
  let work = given.work, strength = 100, split = 50, closed = false, shown = false, early = "";
  const stage = new Stage({ label: `Before and after of ${work.name}` });
  const found = h("p", { class: "found" }, "Reading…");
  const badge = h("span", { class: "badge", hidden: true });
  const percent = h("output", { class: "percent", "aria-label": "Zoom" });
  const dial = h("input", { type: "range", id: "strength", min: 0, max: 100, value: 100, step: 1 });
  const amount = h("output", { class: "amount", for: "strength" }, "100");
  const reason = h("p", { class: "reason" });
  const bar = h("progress", { max: 1, "aria-label": "Restoring" }), barText = h("span");
  const status = h("div", { class: "status" }, bar, barText, h("button", { onclick: () => engine.cancel(work) }, icon("stop"), "Stop"));
  const failure = h("div", { class: "failure", role: "alert", hidden: true });
  const save = button("save", "Save", () => openSave(), "main"), compareButton = button("grid", "Compare", () => openCompare());
  const cyclesButton = engine.canCycle ? button("again", "Repeat", () => cycles({ engine, work, at: stage.center, finding: work.finding! })) : null;
  const hold = button("eye", "Original", () => undefined, "hold");
  const brush = new Brush(stage, () => paint(false)), protect = button("brush", "Protect", () => paint(!brush.active));
  stage.take(brush);
  const kinds = h("div", { class: "kinds", role: "radiogroup", "aria-label": "What kind of picture it is" });
  const element = h("main", { class: "viewer" },
    h("header", { class: "bar" },
      button("back", "Back", () => given.back(), "quiet back"),
      h("div", { class: "title" }, h("h1", {}, work.name), found), badge,
      h("div", { class: "zooms" }, button("minus", "Smaller", () => stage.zoom(1 / 1.5), "quiet only-icon"), percent,
        button("plus", "Larger", () => stage.zoom(1.5), "quiet only-icon"), button("fit", "Whole picture", () => stage.fit(), "quiet only-icon"))),
    h("div", { class: "place" }, stage.element, brush.bar, status, failure),
    h("footer", { class: "bar controls" },
      h("div", { class: "dial" }, h("label", { for: "strength" }, "Strength ", amount), dial, reason),
      kinds, h("div", { class: "row actions" }, hold, protect, compareButton, cyclesButton, save)));

  for (const model of models.filter(one => ["photo", "lite", "drawings"].includes(one.name)))
    kinds.append(h("button", { role: "radio", "aria-checked": String(model.name === work.model), "data-model": model.name, title: model.about, onclick: () => take(model.name) }, model.title));

  const update = () => {
    if (closed) return;
    const busy = ["waiting", "queued", "running"].includes(work.state);
    if (work.finding) {
      found.textContent = work.finding.words.join(" ");
      reason.textContent = work.finding.reason;
    } else found.textContent = busy ? "Reading…" : "";
    status.hidden = !busy;
    if (work.state === "running" && work.progress > 0) bar.value = work.progress;
    else bar.removeAttribute("value");
    barText.textContent = work.state === "running" ? `Restoring ${Math.round(100 * work.progress)} %` : work.state === "queued" ? "Waiting for its turn" : "Sending";
    for (const control of [save, protect, compareButton, cyclesButton, dial, hold]) if (control) control.disabled = work.state !== "done";
    failure.hidden = !["failed", "left", "cancelled"].includes(work.state);
    if (work.state === "done" && !shown) void showResult();
    if (!failure.hidden && failure.dataset.state !== work.state) {
      failure.dataset.state = work.state;
      failure.replaceChildren(...failureWords());
      if (work.state === "failed" && !shown && !work.finding) stage.element.classList.add("empty");
    }
  };

  function failureWords(): HTMLElement[] {
    if (work.state === "left")
      return [h("p", {}, `${work.finding?.words.find(word => word.includes("enhanced already")) ?? "It has been enhanced already."} A second time may blur it.`),
        h("p", { class: "row" }, h("button", { onclick: () => take(work.model, true) }, "Enhance it again"), h("button", { onclick: given.back }, "Leave it"))];
    return [h("p", {}, work.state === "cancelled" ? "Stopped." : `This picture could not be restored: ${sentence(work.error ?? "the reason is unknown")}`),
      h("p", { class: "row" }, h("button", { onclick: () => take(work.model, true) }, "Try again"), h("button", { onclick: given.back }, "Other pictures"))];
  }

  async function showResult(): Promise<void> {
    shown = true;
    const mine = work;
    try {
      const views = await engine.views(work);
      await stage.show(views.before, views.after);
      if (mine !== work || closed) return;
      brush.use(stage.beforeImage);
      stage.element.classList.add("ready");
      const before = left.get(mine);
      if (before) brush.resume(before.strokes, before.version);
      setStrength(before?.strength ?? work.finding?.suggested ?? 100);
      say(`${work.name} is restored. ${work.finding?.words.join(" ") ?? ""}`);
      barText.textContent = `Done in ${time(work.seconds)}`;
    } catch (error) {
      change(work, { state: "failed", error: text(error) });
    }
  }

  function setStrength(value: number): void {
    strength = value;
    dial.value = String(value);
    amount.value = String(value);
    stage.opacity = value / 100;
    badge.hidden = true;
  }

  function take(model: string, again = false): void {
    if (model === work.model && !again && work.state === "done") return;
    const before = work;
    before.watch.delete(update);
    if (!["done", "left"].includes(before.state)) engine.cancel(before);
    work = engine.start(before.file, model, { again: again || before.finding?.enhanced !== undefined, from: before.state === "done" || before.state === "left" ? before : undefined });
    begin();
    given.replaced(work);
  }

  function begin(): void {
    shown = false;
    paint(false);
    delete failure.dataset.state;
    stage.element.classList.remove("ready", "empty");
    for (const kind of kinds.children) kind.setAttribute("aria-checked", String((kind as HTMLElement).dataset.model === work.model));
    work.watch.add(update);
    update();
  }

  function paint(active: boolean): void {
    if (active) {
      stage.element.focus({ preventScroll: true });
      // The brush is seen on the result alone.
      split = stage.split;
      stage.split = 0;
    } else if (brush.active) {
      protect.focus();
      stage.split = split;
      // For the ZIP of all; whoever saves this one tries again.
      void send().catch(() => undefined);
    }
    brush.show(active);
    protect.setAttribute("aria-pressed", String(active));
  }

  /** The mask is sent when painting ends and when something is to be saved, and only if it is not what was sent before. */
  async function send(): Promise<void> {
    if ((sent.get(work) ?? 0) === brush.version || (brush.isEmpty && !sent.has(work))) return;
    const { version } = brush;
    await engine.protect(work, await brush.mask());
    sent.set(work, version);
  }

  function openSave(): void {
    askHowToSave({
      engine, title: `Save ${work.name}`, strength, provable: engine.canProve && (work.finding?.provable ?? false),
      about: async saving => {
        await send();
        return await engine.about(work, saving);
      },
      save: async saving => {
        await send();
        await engine.save(work, saving);
      },
      proved: share => {
        badge.hidden = share === undefined;
        if (share !== undefined) badge.textContent = share === 1 ? "Proved: gives your JPEG again" : `Gives ${(100 * share).toFixed(2)} % of your JPEG again`;
      },
    });
  }

  function openCompare(): void {
    compare({
      engine, models, work, at: stage.center, scale: stage.view.scale,
      pick: (picked, value) => {
        if (picked !== work) {
          work.watch.delete(update);
          work = picked;
          begin();
          given.replaced(work);
          void end(work).then(() => setTimeout(() => setStrength(value), 50));
        }
        setStrength(value);
      },
    });
  }

  dial.addEventListener("input", () => setStrength(Number(dial.value)));
  for (const [down, up] of [["pointerdown", "pointerup"], ["keydown", "keyup"]] as const) {
    hold.addEventListener(down, event => { if (!(event instanceof KeyboardEvent) || event.key === "Enter") stage.original = true; });
    hold.addEventListener(up, () => stage.original = false);
  }
  hold.addEventListener("pointerleave", () => stage.original = false);
  hold.addEventListener("blur", () => stage.original = false);
  const told = () => percent.value = `${stage.percent} %`;
  stage.view.watch.add(told);
  const keys = keyboard(stage, brush, () => brush.active ? paint(false) : given.back(), () => { if (!save.disabled) openSave(); });
  // Something to look at while the server works: the file itself, where the browser knows its format.
  early = URL.createObjectURL(work.file);
  void stage.show(early, early).catch(() => stage.element.classList.add("empty")).then(() => { if (!shown) told(); });
  begin();
  return {
    element,
    close: () => {
      if (brush.active) paint(false);
      if (stage.element.classList.contains("ready")) left.set(work, { strength, strokes: brush.painted, version: brush.version });
      closed = true;
      work.watch.delete(update);
      keys();
      URL.revokeObjectURL(early);
    },
  };
}

const sentence = (words: string) => /[.?!]$/.test(words) ? words : `${words}.`;

/** Space shows the original; + - 0 1 zoom; arrows move; Escape goes back; s saves. */
function keyboard(stage: Stage, brush: Brush, back: () => void, save: () => void): () => void {
  const inUse = (event: KeyboardEvent) =>
    document.querySelector("dialog[open]") !== null || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).matches?.("select, textarea");
  const onRange = (event: KeyboardEvent) => (event.target as Element).matches?.("input");
  const down = (event: KeyboardEvent) => {
    if (inUse(event)) return;
    if (brush.active && !onRange(event) && !(event.target as Element).matches("button") && brush.key(event)) {
      event.preventDefault();
      return;
    }
    const step = 80;
    const moves: Record<string, () => void> = {
      "+": () => stage.zoom(1.5), "=": () => stage.zoom(1.5), "-": () => stage.zoom(1 / 1.5), "0": () => stage.fit(), "1": () => stage.zoomTo(1), "2": () => stage.zoomTo(2),
      s: save, Escape: back,
    };
    if (!onRange(event)) Object.assign(moves, {
      ArrowLeft: () => stage.pan(step, 0), ArrowRight: () => stage.pan(-step, 0), ArrowUp: () => stage.pan(0, step), ArrowDown: () => stage.pan(0, -step),
    });
    if (event.key === " " && !(event.target as Element).matches("button")) {
      stage.original = true;
      event.preventDefault();
    } else if (moves[event.key]) {
      moves[event.key]!();
      event.preventDefault();
    }
  };
  const up = (event: KeyboardEvent) => { if (event.key === " ") stage.original = false; };
  const blur = () => stage.original = false;
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", blur);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", blur);
  };
}

function button(drawing: Parameters<typeof icon>[0], title: string, action: () => void, kind = ""): HTMLButtonElement {
  const bare = kind.includes("only-icon");
  return h("button", { class: kind, onclick: action, title: bare ? title : null, "aria-label": bare ? title : null }, icon(drawing), bare ? null : h("span", {}, title));
}
