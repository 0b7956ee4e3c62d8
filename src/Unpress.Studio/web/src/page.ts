import { type About, type Engine, type Formats, type Model, type Saving, type Work } from "./engine";
export class PageEngine implements Engine {
  readonly promise = "Nothing leaves this page.";
  readonly canProve = false;
  readonly canCycle = false;
  readonly formats: Formats[] = [];
  models(): Promise<Model[]> { throw new Error("later"); }
  start(): Work { throw new Error("later"); }
  cancel(): void { throw new Error("later"); }
  views(): Promise<{ before: string; after: string }> { throw new Error("later"); }
  about(_work: Work, _saving: Saving): Promise<About> { throw new Error("later"); }
  save(): Promise<void> { throw new Error("later"); }
  pack(): Promise<void> { throw new Error("later"); }
}
