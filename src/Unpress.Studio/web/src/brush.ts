import { h, icon } from "./dom";
import type { Stage } from "./stage";

/** One stroke, in pixels of the picture. */
export interface Stroke { points: { x: number; y: number }[]; radius: number; erases: boolean }

/**
 * Paints the original back over the result. What is painted lies on a canvas of the picture's size over the result, so that the eye sees what will be
 * saved; its alpha is the mask. Strokes are remembered: one step back takes the last away.
 */
export class Brush {
  readonly canvas = h("canvas", { class: "kept", hidden: true });
  readonly bar: HTMLElement;
  /** Changes with the mask, so that who has sent it knows whether it is still the same. */
  version = 0;
  private readonly context = this.canvas.getContext("2d")!;
  private readonly ring = h("div", { class: "ring", hidden: true, "aria-hidden": "true" });
  private readonly size = h("input", { type: "range", id: "brush-size", min: 4, max: 200, value: 40 });
  private readonly undo = h("button", { onclick: () => this.back() }, icon("undo"), h("span", {}, "Undo"));
  private readonly clear = h("button", { onclick: () => this.empty() }, "Clear");
  private readonly modes: HTMLButtonElement[];
  private strokes: Stroke[] = [];
  private now?: Stroke;
  private erases = false;
  private at?: { x: number; y: number };
  private paint?: CanvasPattern;

  constructor(private readonly stage: Stage, done: () => void) {
    const mode = (title: string, erases: boolean) => h("button", { role: "radio", "aria-checked": String(!erases), onclick: () => this.mode(erases) }, title);
    this.modes = [mode("Keep original", false), mode("Restore again", true)];
    this.bar = h("div", { class: "brush-bar", hidden: true, role: "group", "aria-label": "Brush" },
      h("div", { class: "kinds", role: "radiogroup", "aria-label": "What the brush does" }, ...this.modes),
      h("p", { class: "brush-size" }, h("label", { for: "brush-size" }, "Size"), this.size),
      h("p", { class: "row" }, this.undo, this.clear, h("button", { class: "main", onclick: done }, "Done")));
    stage.element.append(this.ring);
    this.size.addEventListener("input", () => this.place());
    this.update();
  }

  get active(): boolean { return !this.bar.hidden; }

  get isEmpty(): boolean { return !this.strokes.some(stroke => !stroke.erases); }

  /** The picture that is painted with. A picture of another size takes the mask away. */
  use(before: HTMLImageElement): void {
    const { naturalWidth: width, naturalHeight: height } = before;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      this.strokes = [];
      this.version++;
    }
    this.paint = this.context.createPattern(before, "no-repeat") ?? undefined;
    this.repaint();
  }

  /** As they were painted, to go on with another time. */
  get painted(): readonly Stroke[] { return this.strokes; }

  /** Goes on with what was painted on the same picture before. */
  resume(strokes: readonly Stroke[], version: number): void {
    this.strokes = [...strokes];
    this.version = version;
    this.repaint();
  }

  show(active: boolean): void {
    this.bar.hidden = !active;
    this.stage.element.classList.toggle("painting", active);
    this.ring.hidden = true;
    this.at = undefined;
  }

  /** Follows the pointer; the radius is what the size says on the screen. */
  move(point: { x: number; y: number }): void {
    this.at = point;
    this.place();
    if (this.now) this.go(point);
  }

  begin(point: { x: number; y: number }): void {
    this.at = point;
    this.now = { points: [], radius: this.radius / this.stage.view.scale, erases: this.erases };
    this.go(point);
    this.place();
  }

  /** A second finger: it was no stroke. */
  cancel(): void {
    this.now = undefined;
    this.repaint();
  }

  end(): void {
    if (!this.now) return;
    this.strokes.push(this.now);
    this.now = undefined;
    this.version++;
    this.update();
  }

  leave(): void { this.ring.hidden = true; }

  /** Arrows move the ring, space paints where it is. */
  key(event: KeyboardEvent): boolean {
    const step = event.shiftKey ? this.radius * 2 : Math.max(4, this.radius / 2), box = this.stage.element.getBoundingClientRect();
    const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const from = this.at ?? { x: box.width / 2, y: box.height / 2 }, by = moves[event.key];
    if (by) this.move({ x: Math.min(box.width, Math.max(0, from.x + by[0])), y: Math.min(box.height, Math.max(0, from.y + by[1])) });
    else if (event.key === " ") {
      this.begin(from);
      this.end();
    } else if (event.key.toLowerCase() === "z") this.back();
    else return false;
    return true;
  }

  /** White where the picture stays as it was, black elsewhere; null where nothing does. */
  async mask(): Promise<Blob | null> {
    if (this.isEmpty) return null;
    const { width, height } = this.canvas, canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d")!;
    context.drawImage(this.canvas, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    return await canvas.convertToBlob({ type: "image/png" });
  }

  private get radius(): number { return Number(this.size.value) / 2; }

  private mode(erases: boolean): void {
    this.erases = erases;
    for (const [k, button] of this.modes.entries()) button.setAttribute("aria-checked", String((k === 1) === erases));
  }

  private back(): void {
    this.strokes.pop();
    this.version++;
    this.repaint();
  }

  private empty(): void {
    this.strokes = [];
    this.version++;
    this.repaint();
  }

  private update(): void {
    this.undo.disabled = this.clear.disabled = this.strokes.length === 0;
    this.canvas.hidden = this.isEmpty && !this.now;
  }

  private place(): void {
    if (!this.active) return;
    const box = this.stage.element.getBoundingClientRect(), at = this.at ?? { x: box.width / 2, y: box.height / 2 };
    this.ring.hidden = false;
    Object.assign(this.ring.style, { width: `${2 * this.radius}px`, height: `${2 * this.radius}px`, transform: `translate(${at.x - this.radius}px, ${at.y - this.radius}px)` });
  }

  private go(point: { x: number; y: number }): void {
    const { view } = this.stage, stroke = this.now!;
    stroke.points.push({ x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale });
    this.canvas.hidden = false;
    this.draw({ ...stroke, points: stroke.points.slice(-2) });
  }

  private repaint(): void {
    this.context.globalCompositeOperation = "source-over";
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) this.draw(stroke);
    this.update();
  }

  private draw({ points, radius, erases }: Stroke): void {
    const { context } = this;
    if (!this.paint) return;
    context.globalCompositeOperation = erases ? "destination-out" : "source-over";
    context.strokeStyle = erases ? "#000" : this.paint;
    context.lineWidth = 2 * radius;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(points[0]!.x, points[0]!.y);
    // A line of no length would leave no dot.
    for (const point of points) context.lineTo(point.x + 0.01, point.y);
    context.stroke();
  }
}
