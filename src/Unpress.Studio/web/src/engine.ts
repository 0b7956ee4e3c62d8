import type { Finding, JobState, ResultView, ShelfModel } from "./api";

/** What the page needs of whatever restores pictures: a server, or the page's own worker. */

export type { Finding };

export type Model = Pick<ShelfModel, "name" | "title" | "about" | "hasSeeds">;

export type State = "waiting" | JobState;

/** A picture on its way; the engine changes it and calls its watchers. */
export interface Work {
  readonly name: string;
  readonly file: File;
  readonly model: string;
  readonly seed?: number;
  state: State;
  progress: number;
  seconds: number;
  error?: string;
  finding?: Finding;
  id?: string;
  watch: Set<() => void>;
}

export interface Saving {
  strength: number;
  format: string;
  quality?: number;
  metadata: string;
  consistent: boolean;
}

export type About = Omit<ResultView, "type">;

export interface Formats { value: string; title: string; lossy: "always" | "maybe" | "never" }

export interface Engine {
  /** Where the work is done, for people. */
  readonly promise: string;
  readonly formats: Formats[];
  readonly canProve: boolean;
  readonly canCycle: boolean;
  models(): Promise<Model[]>;
  /** Starts at once; what comes of it is told by the work itself. */
  start(file: File, model: string, options?: { again?: boolean; seed?: number; from?: Work; group?: string }): Work;
  cancel(work: Work): void;
  /** The picture as it was, and at full strength, as addresses for img; released by the caller with drop. */
  views(work: Work): Promise<{ before: string; after: string }>;
  /** Keeps the picture as it was where the mask is white, in what is saved from now on; null for nowhere. */
  protect(work: Work, mask: Blob | null): Promise<void>;
  about(work: Work, saving: Saving): Promise<About>;
  save(work: Work, saving: Saving): Promise<void>;
  /** All finished ones in one file. */
  pack(works: Work[], saving: Saving): Promise<void>;
  cycles?(work: Work, x: number, y: number, side: number, count: number, step: (model: string, round: number, picture: string) => void, stop: AbortSignal): Promise<void>;
}

export function change(work: Work, update: Partial<Work>): void {
  Object.assign(work, update);
  for (const told of work.watch) told();
}

export const ended = (work: Work): boolean => !["waiting", "queued", "running"].includes(work.state);

/** Resolves when the work has come to an end. */
export function end(work: Work): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (!ended(work)) return;
      work.watch.delete(look);
      resolve();
    };
    work.watch.add(look);
    look();
  });
}
