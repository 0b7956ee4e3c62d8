import type { LabOverview, LabRunView, Problem } from "./api";
import { h, icon } from "./dom";
import { markdown } from "./markdown";
import { trainingView } from "./training";
import { text } from "./server";

const list = h("nav", { class: "lab-list", "aria-label": "What there is" });
const view = h("section", { class: "lab-view", tabindex: -1, "aria-live": "off" });
document.body.prepend(h("main", { class: "lab" }, list, view));
let overview: LabOverview | undefined;
let turn = 0;

async function ask(address: string): Promise<Response> {
  const answer = await fetch(address);
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({})) as Partial<Problem>;
  throw new Error(body.error ?? `the studio answered ${answer.status}`);
}

const named = (path: string): string => path || ".";

function ago(date: string): string {
  const minutes = (Date.now() - Date.parse(date)) / 60_000, words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  return minutes < 1 ? "just now" : minutes < 60 ? words.format(-Math.round(minutes), "minute") : minutes < 1440 ? words.format(-Math.round(minutes / 60), "hour")
    : words.format(-Math.round(minutes / 1440), "day");
}

function item(kind: string, path: string, title: string, about: string): HTMLElement {
  return h("li", {}, h("a", { href: `#${kind}=${encodeURIComponent(path)}` }, h("span", {}, title), about ? h("small", {}, about) : null));
}

function group(title: string, items: HTMLElement[], none: string): HTMLElement {
  return h("section", {}, h("h2", {}, title), items.length ? h("ul", {}, ...items) : h("p", { class: "facts" }, none));
}

function showList(): void {
  const { folder, runs, reports, cards } = overview!;
  list.replaceChildren(
    h("header", {}, h("h1", {}, "Laboratory"), h("p", { class: "facts" }, folder), h("a", { href: "/" }, "Studio")),
    group("Trainings", runs.map(run => item("run", run.path, named(run.path), `${run.step === undefined ? "no step yet" : `step ${run.step.toLocaleString("en")}`} · ${ago(run.changed)}`)),
      "No folder with a log.jsonl."),
    group("Reports", reports.map(report => item("report", report.path, named(report.path), report.page ? ago(report.changed) : "no page yet")),
      "No folder of an experiment."),
    group("Models", cards.map(card => item("card", card.path, card.name, card.path)), "No card beside a model."));
  mark();
}

function mark(): void {
  for (const link of list.querySelectorAll("a[href^='#']")) {
    if (link.getAttribute("href") === location.hash) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function head(title: string, about = "", ...more: HTMLElement[]): HTMLElement {
  return h("header", { class: "lab-head" },
    h("a", { class: "to-list", href: "#", "aria-label": "Back to the list" }, icon("back")), h("div", { class: "title" }, h("h1", {}, title), about ? h("p", { class: "facts" }, about) : null), ...more);
}

async function show(): Promise<void> {
  const mine = ++turn, [kind = "", path = ""] = location.hash.slice(1).split("=").map(decodeURIComponent);
  document.body.classList.toggle("at-list", kind === "");
  mark();
  document.title = `${path || "Laboratory"} · Unpress`;
  try {
    const made = await content(kind, path);
    if (mine !== turn) return;
    view.replaceChildren(...made);
    view.scrollTop = 0;
    if (kind === "run") void follow(path, mine);
  } catch (error) {
    if (mine === turn) view.replaceChildren(head(named(path)), h("p", { class: "failure-line", role: "alert" }, text(error)));
  }
}

async function content(kind: string, path: string): Promise<HTMLElement[]> {
  if (kind === "run") {
    const training = await (await ask(`/v1/lab/run?path=${encodeURIComponent(path)}`)).json() as LabRunView;
    return [head(named(path), `changed ${ago(training.changed)}`), ...trainingView(training)];
  }
  if (kind === "card") return [head(path), h("article", { class: "card-text" }, ...markdown(await (await ask(`/v1/lab/card?path=${encodeURIComponent(path)}`)).text()))];
  if (kind === "report") {
    const report = overview!.reports.find(one => one.path === path);
    if (!report) throw new Error("there is no such report");
    if (!report.page) return [head(named(path)), h("p", {}, "This experiment has figures, but no page yet. Make it with:"), h("pre", {}, `unpress lab report ${named(path)}`)];
    const address = `/v1/lab/report?path=${encodeURIComponent(path)}&page=${encodeURIComponent(report.page)}`;
    return [head(named(path), `changed ${ago(report.changed)}`),
      h("p", {}, "The report is a page of its own: tables, plots and pictures."), h("p", { class: "row" }, h("a", { class: "button main", href: address, target: "_blank", rel: "noopener" }, "Open the report"))];
  }
  return [h("div", { class: "lab-nothing" }, h("p", {}, "Choose a training, a report or a model."))];
}

/** A training that goes on is looked at every ten seconds. */
async function follow(path: string, mine: number): Promise<void> {
  for (let last = ""; ;) {
    await new Promise(resolve => setTimeout(resolve, 10_000));
    if (mine !== turn) return;
    if (document.hidden) continue;
    const training = await ask(`/v1/lab/run?path=${encodeURIComponent(path)}`).then(answer => answer.json() as Promise<LabRunView>, () => undefined);
    if (mine !== turn || !training || training.changed === last) continue;
    if (last !== "") {
      const scroll = view.scrollTop;
      view.replaceChildren(head(named(path), `changed ${ago(training.changed)}`), ...trainingView(training));
      view.scrollTop = scroll;
    }
    last = training.changed;
  }
}

addEventListener("hashchange", () => void show());
ask("/v1/lab").then(answer => answer.json()).then((found: LabOverview) => {
  overview = found;
  showList();
  void show();
}, error => view.replaceChildren(h("div", { class: "lab-nothing" }, h("h1", {}, "Laboratory"), h("p", { role: "alert" }, `${text(error)}.`), h("pre", {}, "unpress studio --lab FOLDER"))));
