// Made of openapi.json by build.mjs.
export interface Finding {
  width: number;
  height: number;
  format: string;
  quality?: number;
  subsampling?: string;
  bits: number;
  hasAlpha: boolean;
  enhanced?: string;
  provable: boolean;
  suggested: number;
  reason: string;
  words: string[];
}
export type JobState = "queued" | "running" | "done" | "left" | "failed" | "cancelled";
export interface JobView {
  id: string;
  name: string;
  model: string;
  seed?: number;
  state: JobState;
  progress: number;
  seconds: number;
  error?: string;
  finding?: Finding;
}
export interface LabCardItem {
  path: string;
  name: string;
}
export interface LabOverview {
  folder: string;
  runs: LabRunItem[];
  reports: LabReportItem[];
  cards: LabCardItem[];
}
export interface LabReportItem {
  path: string;
  changed: string;
  page?: string;
}
export interface LabRunItem {
  path: string;
  changed: string;
  step?: number;
}
export interface LabRunView {
  path: string;
  changed: string;
  recipe?: string;
  done: boolean;
  curves: LabSeries[];
  samples: LabSample[];
}
export interface LabSample {
  file: string;
  setting: string;
  step?: number;
}
export interface LabSeries {
  kind: string;
  name: string;
  steps: number[];
  values: (number | null)[];
}
export interface Measurement {
  psnr?: number;
  ssim: number;
}
export interface Problem {
  error: string;
}
export interface ResultView {
  name: string;
  bytes: number;
  type: string;
  note?: string;
  reproduced?: number;
}
export interface Round {
  model: string;
  number: number;
  picture: string;
}
export interface ShelfModel {
  name: string;
  title: string;
  about: string;
  hasSeeds: boolean;
  bytes: number;
  fullTo?: number;
}
