import { h, icon, time } from "./dom";
import { ended, type Engine, type Work } from "./engine";
import { askHowToSave } from "./save";

interface Card { work: Work; element: HTMLElement; refresh: () => void }

/** Many pictures: each with how far it is; how many are done; stop; save all. */
export class Batch {
  /** Other than those of any page before. */
  readonly id = Math.random();
  readonly element: HTMLElement;
  readonly cards: Card[] = [];
  private readonly count = h("p", { class: "count", role: "status" });
  private readonly grid = h("ul", { class: "cards" });
  private readonly bar = h("progress", { max: 1, "aria-label": "Pictures restored" });
  private readonly stop = h("button", { onclick: () => this.cards.forEach(card => { if (!ended(card.work)) this.engine.cancel(card.work); }) }, icon("stop"), "Stop");
  private readonly save = h("button", { class: "main", onclick: () => this.askToSave() }, icon("save"), "Save all as ZIP");
  private started = performance.now();

  constructor(private readonly engine: Engine, private readonly open: (work: Work) => void, add: () => void, clear: () => void) {
    this.element = h("main", { class: "batch" },
      h("header", { class: "bar" },
        h("button", { class: "quiet back", onclick: clear }, icon("back"), h("span", {}, "Start over")),
        h("div", { class: "title" }, h("h1", {}, "Pictures"), this.count), this.bar,
        h("div", { class: "row actions" }, this.stop, h("button", { onclick: add }, icon("plus"), "Add"), this.save)),
      this.grid);
  }

  add(work: Work): void {
    if (this.cards.every(card => ended(card.work))) this.started = performance.now();
    const state = h("span", { class: "mark" }), reason = h("span", { class: "why" });
    const picture = h("img", { alt: "", loading: "lazy", decoding: "async" });
    const address = URL.createObjectURL(work.file);
    picture.addEventListener("error", () => picture.classList.add("unknown"));
    picture.src = address;
    const button = h("button", { class: "card", onclick: () => this.open(card.work) }, picture, h("span", { class: "card-name" }, state, work.name), reason);
    const card: Card = {
      work, element: h("li", {}, button),
      refresh: () => {
        const { state: now, error, progress } = card.work;
        button.dataset.state = now;
        const [drawing, words] = now === "done" ? ["done", "done"] as const : now === "failed" ? ["warn", "failed"] as const
          : now === "left" ? ["warn", "left as it is"] as const : now === "cancelled" ? ["stop", "stopped"] as const : ["again", "waiting"] as const;
        if (state.dataset.now !== now) {
          state.dataset.now = now;
          state.replaceChildren(icon(drawing), h("span", { class: "unseen" }, `${words}: `));
        }
        if (now === "done" && picture.classList.contains("unknown")) void this.showWhatCameOfIt(card.work, picture);
        reason.textContent = now === "running" ? `${Math.round(100 * progress)} %` : now === "failed" || now === "left" ? error ?? "" : "";
        this.tell();
      },
    };
    this.cards.push(card);
    work.watch.add(card.refresh);
    this.grid.append(card.element);
    card.refresh();
  }

  /** Of a format that the browser does not know, such as HEIC. */
  private async showWhatCameOfIt(work: Work, picture: HTMLImageElement): Promise<void> {
    picture.classList.remove("unknown");
    picture.src = await this.engine.views(work).then(views => views.after, () => "");
  }

  /** After another model or another try. */
  replace(before: Work, now: Work): void {
    const card = this.cards.find(one => one.work === before);
    if (!card) return;
    before.watch.delete(card.refresh);
    card.work = now;
    now.watch.add(card.refresh);
    card.refresh();
  }

  private tell(): void {
    const works = this.cards.map(card => card.work), all = works.length;
    const done = works.filter(work => work.state === "done").length, over = works.filter(ended).length;
    const failed = works.filter(work => work.state === "failed").length;
    const part = works.reduce((sum, work) => sum + (ended(work) ? 1 : work.progress), 0);
    const passed = (performance.now() - this.started) / 1000;
    const left = over < all && part > 0.5 ? ` · ${time(passed / part * (all - part))} left` : "";
    this.count.textContent = `${done}/${all}${failed ? ` · ${failed} failed` : ""}${left}`;
    this.bar.value = all ? part / all : 0;
    this.bar.hidden = over === all;
    this.stop.hidden = over === all;
    this.save.disabled = done === 0 || over < all;
  }

  private askToSave(): void {
    const works = this.cards.map(card => card.work).filter(work => work.state === "done");
    askHowToSave({
      engine: this.engine, title: `Save ${works.length} pictures`, strength: 100, provable: false, about: null,
      save: saving => this.engine.pack(works, saving), proved: () => undefined,
    });
  }
}
