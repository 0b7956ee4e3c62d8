import { Batch } from "./batch";
import { h } from "./dom";
import { end, type Engine, type Model, type Work } from "./engine";
import { choose, dropped } from "./files";
import { landing } from "./landing";
import { PageEngine } from "./page";
import { ServerEngine } from "./server";
import { viewer } from "./viewer";

const engine: Engine = document.documentElement.dataset.engine === "page" ? new PageEngine() : new ServerEngine();
const known: Promise<Model[]> = engine.models().catch(() => []);
let batch: Batch | undefined;
let open: ReturnType<typeof viewer> | undefined;
let looked: Work | undefined;
let leaving = false;

function show(element: HTMLElement): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  open?.close();
  open = undefined;
  for (const other of document.querySelectorAll("body > main")) other.remove();
  document.body.prepend(element);
}

/** The first view: what was there before is stopped and removed. */
function start(): void {
  for (const card of batch?.cards ?? []) engine.cancel(card.work);
  batch = undefined;
  document.title = "Unpress";
  show(landing(engine.promise, folder => choose(folder, files => void take(files))));
}

async function take(files: File[]): Promise<void> {
  if (files.length === 0) {
    alert("There are no pictures in it.");
    return;
  }
  const models = await known, usual = models[0]?.name ?? "photo";
  const add = () => choose(false, more => void take(more));
  const first = !batch;
  batch ??= new Batch(engine, work => {
    enter(2);
    look(work, models);
  }, add, back);
  const works = files.map(file => engine.start(file, usual));
  for (const work of works) batch.add(work);
  if (first) enter(1);
  if (batch.cards.length === 1) look(works[0]!, models);
  else if (history.state?.at === 2) back();
  else show(batch.element);
}

function look(work: Work, models: Model[]): void {
  let now = work;
  const here = batch!;
  looked = work;
  const next = viewer({
    engine, models, work, back,
    replaced: other => {
      const before = now;
      here.replace(before, other);
      looked = now = other;
      // One picture has one result: the one before goes, once the other one needs it no longer.
      void end(other).then(() => engine.cancel(before));
    },
  });
  show(next.element);
  open = next;
  document.title = `${work.name} · Unpress`;
}

/** A step of the browser's history: 1 for the pictures, or the only one; 2 for one of several. Its Back goes the way of the page's. */
function enter(at: 1 | 2): void { history.pushState({ batch: batch!.id, at }, ""); }

function back(): void {
  if (leaving) return;
  leaving = true;
  history.back();
}

addEventListener("popstate", ({ state }) => {
  leaving = false;
  const at = batch && state?.batch === batch.id ? state.at as number : 0;
  if (at === 0) start();
  else if (at === 2 && looked || batch!.cards.length === 1) void known.then(models => look(at === 2 ? looked! : batch!.cards[0]!.work, models));
  else show(batch!.element);
});

/** The whole page is the place to drop. */
const veil = h("div", { class: "veil", hidden: true, "aria-hidden": "true" }, h("p", {}, "Drop pictures or a folder"));
document.body.append(veil);
let inside = 0;
addEventListener("dragenter", event => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  inside++;
  veil.hidden = false;
});
addEventListener("dragleave", () => { if (--inside <= 0) veil.hidden = true; });
addEventListener("dragover", event => event.preventDefault());
addEventListener("drop", event => {
  event.preventDefault();
  inside = 0;
  veil.hidden = true;
  if (event.dataTransfer) void dropped(event.dataTransfer).then(take);
});
addEventListener("paste", event => {
  const files = [...event.clipboardData?.files ?? []];
  if (files.length) void take(files);
});
start();
