import { Batch } from "./batch";
import { h } from "./dom";
import type { Engine, Model, Work } from "./engine";
import { choose, dropped } from "./files";
import { landing } from "./landing";
import { PageEngine } from "./page";
import { ServerEngine } from "./server";
import { viewer } from "./viewer";

const engine: Engine = document.documentElement.dataset.engine === "page" ? new PageEngine() : new ServerEngine();
const known: Promise<Model[]> = engine.models().catch(() => []);
let batch: Batch | undefined;
let open: ReturnType<typeof viewer> | undefined;

function show(element: HTMLElement): void {
  open?.close();
  open = undefined;
  for (const other of document.querySelectorAll("body > main")) other.remove();
  document.body.prepend(element);
}

function start(): void {
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
  batch ??= new Batch(engine, work => look(work, models), add, () => {
    for (const card of batch?.cards ?? []) engine.cancel(card.work);
    start();
  });
  const works = files.map(file => engine.start(file, usual));
  for (const work of works) batch.add(work);
  if (first && works.length === 1) look(works[0]!, models);
  else show(batch.element);
}

function look(work: Work, models: Model[]): void {
  let now = work;
  const here = batch!;
  const next = viewer({
    engine, models, work,
    back: () => here.cards.length > 1 ? show(here.element) : (engine.cancel(now), start()),
    replaced: other => {
      here.replace(now, other);
      now = other;
    },
  });
  show(next.element);
  open = next;
  document.title = `${work.name} · Unpress`;
}

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
