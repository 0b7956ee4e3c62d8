import type { JobView, Problem, Round } from "./api";
import { change, ended, type About, type Engine, type Formats, type Model, type Saving, type Work } from "./engine";

/** The studio's server. Everything goes to where the page came from. */
export class ServerEngine implements Engine {
  readonly promise = "Nothing leaves this computer.";
  readonly canProve = true;
  readonly canCycle = true;
  readonly formats: Formats[] = [
    { value: "png", title: "PNG, every pixel kept", lossy: "never" },
    { value: "jpeg", title: "JPEG, small, for everywhere", lossy: "always" },
    { value: "webp", title: "WebP", lossy: "maybe" },
    { value: "tiff", title: "TIFF, for editors", lossy: "never" },
    { value: "avif", title: "AVIF", lossy: "maybe" },
  ];

  /** A random word: who knows it may see these jobs, so nobody else does. */
  private readonly group = crypto.getRandomValues(new Uint32Array(4)).join("");
  private readonly works = new Map<string, Work>();
  private readonly early = new Map<string, JobView>();
  private events?: EventSource;
  private uploads = Promise.resolve();

  constructor() {
    // Who leaves the page wants none of what is not done yet; others need not wait for it.
    addEventListener("pagehide", event => {
      if (event.persisted) return;
      for (const work of this.works.values()) if (!ended(work)) void fetch(`/v1/jobs/${work.id}`, { method: "DELETE", keepalive: true });
    });
  }

  async models(): Promise<Model[]> {
    return await (await this.ask("/v1/models")).json();
  }

  start(file: File, model: string, options: { again?: boolean; seed?: number; from?: Work } = {}): Work {
    const work: Work = { name: file.name || "picture", file, model, seed: options.seed, state: "waiting", progress: 0, seconds: 0, watch: new Set() };
    this.listen();
    const query = new URLSearchParams({ model, group: this.group });
    if (options.again) query.set("again", "true");
    if (options.seed !== undefined) query.set("seed", String(options.seed));
    // One after the other: the server's queue is short, and the first picture should be seen first.
    this.uploads = this.uploads.then(() => this.upload(work, query, options.from)).catch(error => change(work, { state: "failed", error: text(error) }));
    return work;
  }

  cancel(work: Work): void {
    if (work.id) void fetch(`/v1/jobs/${work.id}`, { method: "DELETE" }).catch(() => undefined);
    work.id = undefined;
    if (!ended(work)) change(work, { state: "cancelled" });
  }

  async views(work: Work): Promise<{ before: string; after: string }> {
    return { before: `/v1/jobs/${work.id}/before`, after: `/v1/jobs/${work.id}/after` };
  }

  async protect(work: Work, mask: Blob | null): Promise<void> {
    await this.ask(`/v1/jobs/${work.id}/protect`, mask ? { method: "PUT", body: mask, headers: { "Content-Type": "application/octet-stream" } } : { method: "DELETE" });
  }

  async about(work: Work, saving: Saving): Promise<About> {
    return await (await this.ask(`/v1/jobs/${work.id}/result/about?${query(saving)}`)).json();
  }

  async save(work: Work, saving: Saving): Promise<void> {
    download(`/v1/jobs/${work.id}/result?${query(saving)}`);
  }

  async pack(_works: Work[], saving: Saving): Promise<void> {
    download(`/v1/zip?group=${this.group}&${query(saving)}`);
  }

  async cycles(work: Work, x: number, y: number, side: number, count: number, step: (model: string, round: number, picture: string) => void, stop: AbortSignal): Promise<void> {
    const events = new EventSource(`/v1/jobs/${work.id}/cycles?${new URLSearchParams({ x: String(x), y: String(y), side: String(side), count: String(count) })}`);
    await new Promise<void>((resolve, reject) => {
      stop.addEventListener("abort", () => resolve());
      events.addEventListener("round", event => {
        const round = JSON.parse(event.data) as Round;
        step(round.model, round.number, `data:image/png;base64,${round.picture}`);
      });
      events.addEventListener("end", () => resolve());
      events.onerror = () => reject(new Error("the connection to the studio was lost"));
    }).finally(() => events.close());
  }

  private async upload(work: Work, query: URLSearchParams, from?: Work): Promise<void> {
    while (!ended(work)) {
      const answer = from?.id
        ? await fetch(`/v1/jobs/${from.id}/again?${query}`, { method: "POST" })
        : await fetch(`/v1/enhance?${query}`, {
            method: "POST",
            body: work.file,
            headers: {
              "Content-Type": "application/octet-stream", Prefer: "respond-async",
              "X-File-Name": encodeURIComponent(work.name), "X-File-Modified": String(work.file.lastModified),
            },
          });
      if (answer.status === 429) {
        await new Promise(resolve => setTimeout(resolve, 1000 * Number(answer.headers.get("Retry-After") ?? 1)));
        continue;
      }
      const body = await answer.json() as JobView & Problem;
      if (!answer.ok) {
        change(work, { state: "failed", error: body.error ?? `the studio answered ${answer.status}` });
        return;
      }
      work.id = body.id;
      if (ended(work)) {
        this.cancel(work);
        return;
      }
      this.works.set(body.id, work);
      this.tell(work, this.early.get(body.id) ?? body);
      return;
    }
  }

  private listen(): void {
    if (this.events) return;
    this.events = new EventSource(`/v1/events?group=${this.group}`);
    this.events.addEventListener("job", event => {
      const job = JSON.parse(event.data) as JobView;
      const work = this.works.get(job.id);
      // The first news can be here before the answer to the upload.
      if (work) this.tell(work, job);
      else this.early.set(job.id, job);
    });
    this.events.onerror = () => setTimeout(() => void this.askAll(), 3000);
  }

  /** The news have broken off: a studio that has ended, or was started again, will never tell more of what it had. */
  private async askAll(): Promise<void> {
    for (const work of this.works.values()) {
      if (ended(work)) continue;
      try {
        const answer = await fetch(`/v1/jobs/${work.id}`);
        if (answer.ok) this.tell(work, await answer.json() as JobView);
        else change(work, { state: "failed", error: "the studio has it no longer; it was started again, perhaps" });
      } catch (error) {
        change(work, { state: "failed", error: text(error) });
      }
    }
  }

  private tell(work: Work, job: JobView): void {
    if (ended(work)) return;
    change(work, { state: job.state, progress: job.progress, seconds: job.seconds, error: job.error, finding: job.finding });
  }

  private async ask(address: string, request?: RequestInit): Promise<Response> {
    const answer = await fetch(address, request);
    if (answer.ok) return answer;
    const body = await answer.json().catch(() => ({})) as Partial<Problem>;
    throw new Error(body.error ?? `the studio answered ${answer.status}`);
  }
}

export function text(error: unknown): string {
  if (error instanceof TypeError) return "the studio does not answer; is it still running?";
  return error instanceof Error ? error.message : String(error);
}

function query(saving: Saving): URLSearchParams {
  const fields = new URLSearchParams({ strength: String(saving.strength), format: saving.format, metadata: saving.metadata });
  if (saving.quality !== undefined) fields.set("quality", String(saving.quality));
  if (saving.consistent) fields.set("consistent", "true");
  return fields;
}

/** Lets the browser fetch a file and put it where it puts files. */
export function download(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
