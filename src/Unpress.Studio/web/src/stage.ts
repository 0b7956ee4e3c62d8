import type { Brush } from "./brush";
import { h, icon } from "./dom";

/** Where a picture lies: all stages that share a view move together. */
export class View {
  scale = 1;
  x = 0;
  y = 0;
  fitted = true;
  readonly watch = new Set<() => void>();

  set(x: number, y: number, scale: number, fitted = false): void {
    Object.assign(this, { x, y, scale, fitted });
    for (const told of this.watch) told();
  }
}

const most = 8, pixel = () => 1 / devicePixelRatio;

/** Before and after over each other, split by a line that moves; zoom and pan are one transform for both, so they are always in step. */
export class Stage {
  readonly element: HTMLElement;
  readonly view: View;
  private readonly before = h("img", { alt: "", draggable: "false" });
  private readonly after = h("img", { alt: "", draggable: "false" });
  private readonly cut = h("div", { class: "cut" }, this.after);
  private readonly range: HTMLInputElement;
  private readonly handle: HTMLElement;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private splitting = false;
  private brush?: Brush;
  private size = { width: 0, height: 0 };

  constructor(options: { label: string; split?: boolean; view?: View }) {
    this.view = options.view ?? new View();
    this.range = h("input", { type: "range", class: "unseen", min: 0, max: 100, step: 1, value: 50, "aria-label": `${options.label}: where before ends and after begins` });
    this.range.addEventListener("input", () => this.split = Number(this.range.value));
    this.handle = h("div", { class: "handle", "aria-hidden": "true" }, h("span", {}, icon("split")));
    const children = options.split === false ? [this.before, this.cut] : [this.before, this.cut, this.range, this.handle];
    this.element = h("div", { class: "stage", role: "group", "aria-label": options.label }, ...children,
      h("span", { class: "tag left", "aria-hidden": "true" }, "before"), h("span", { class: "tag right", "aria-hidden": "true" }, "after"));
    if (options.split === false) {
      this.element.classList.add("whole");
      this.cut.style.clipPath = "none";
    }
    this.view.watch.add(() => this.place());
    this.listen();
    // What is on the stage when the window changes is fitted again, unless somebody has zoomed.
    new ResizeObserver(() => this.view.fitted ? this.fit() : this.place()).observe(this.element);
    this.split = 50;
  }

  get split(): number { return Number(this.range.value); }

  /** 0..100: how much of the stage shows the picture as it was. */
  set split(value: number) {
    this.range.value = String(value);
    this.range.setAttribute("aria-valuetext", `${Math.round(value)} % before`);
    this.element.style.setProperty("--split", `${value}%`);
    this.element.classList.toggle("all-after", value <= 2);
    this.element.classList.toggle("all-before", value >= 98);
  }

  set opacity(value: number) { this.after.style.opacity = String(value); }

  set original(shown: boolean) { this.element.classList.toggle("original", shown); }

  get percent(): number { return Math.round(100 * this.view.scale / pixel()); }

  get center(): { x: number; y: number } {
    const box = this.element.getBoundingClientRect();
    return { x: (box.width / 2 - this.view.x) / this.view.scale, y: (box.height / 2 - this.view.y) / this.view.scale };
  }

  /** The picture as it was. */
  get beforeImage(): HTMLImageElement { return this.before; }

  /** What is painted lies over the result and moves with it. */
  take(brush: Brush): void {
    this.brush = brush;
    this.element.tabIndex = -1;
    this.cut.append(brush.canvas);
  }

  /** Shows a pair; the same address twice shows one picture. Resolves when both can be painted. */
  async show(before: string, after: string): Promise<void> {
    const pair = [this.before, this.after] as const;
    const loaded = await Promise.all([before, after].map(async address => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return image;
    }));
    const first = loaded[0]!, changed = first.naturalWidth !== this.size.width || first.naturalHeight !== this.size.height;
    this.size = { width: first.naturalWidth, height: first.naturalHeight };
    pair[0].src = before;
    pair[1].src = after;
    await Promise.all(pair.map(image => image.decode().catch(() => undefined)));
    if (changed && this.view.fitted) this.fit();
    else this.place();
  }

  fit(): void {
    const box = this.element.getBoundingClientRect();
    if (box.width === 0 || this.size.width === 0) return;
    const scale = Math.min(box.width / this.size.width, box.height / this.size.height, most * pixel());
    this.view.set((box.width - this.size.width * scale) / 2, (box.height - this.size.height * scale) / 2, scale, true);
  }

  /** Zooms around a point of the stage, its middle without one. */
  zoom(factor: number, point?: { x: number; y: number }): void {
    const box = this.element.getBoundingClientRect();
    const at = point ?? { x: box.width / 2, y: box.height / 2 };
    const least = Math.min(box.width / this.size.width, box.height / this.size.height, pixel());
    const scale = Math.min(most * pixel(), Math.max(least, this.view.scale * factor)), ratio = scale / this.view.scale;
    if (scale === least && factor < 1 && least < pixel()) this.fit();
    else this.view.set(at.x - (at.x - this.view.x) * ratio, at.y - (at.y - this.view.y) * ratio, scale);
  }

  /** To so many screen pixels for one of the picture. */
  zoomTo(times: number, point?: { x: number; y: number }): void { this.zoom(times * pixel() / this.view.scale, point); }

  pan(x: number, y: number): void { this.view.set(this.view.x + x, this.view.y + y, this.view.scale); }

  private place(): void {
    const box = this.element.getBoundingClientRect();
    if (box.width === 0 || this.size.width === 0) return;
    const keep = (at: number, room: number, length: number) =>
      length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
    this.view.x = keep(this.view.x, box.width, this.size.width * this.view.scale);
    this.view.y = keep(this.view.y, box.height, this.size.height * this.view.scale);
    const transform = `translate(${this.view.x}px, ${this.view.y}px) scale(${this.view.scale})`;
    for (const image of [this.before, this.after, ...this.brush ? [this.brush.canvas] : []]) {
      image.style.transform = transform;
      image.classList.toggle("large", this.view.scale > 2 * pixel());
    }
    this.element.classList.toggle("zoomed", !this.view.fitted);
  }

  private listen(): void {
    const stage = this.element;
    const at = (event: { clientX: number; clientY: number }) => {
      const box = stage.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const toSplit = (event: PointerEvent) => this.split = Math.min(100, Math.max(0, 100 * at(event).x / stage.clientWidth));
    stage.addEventListener("wheel", event => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), at(event));
    }, { passive: false });
    stage.addEventListener("dblclick", event => this.brush?.active ? undefined : this.view.fitted ? this.zoomTo(2, at(event)) : this.fit());
    stage.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      this.pointers.set(event.pointerId, at(event));
      if (this.brush?.active && !this.handle.contains(event.target as Node)) {
        this.splitting = false;
        if (this.pointers.size === 1) this.brush.begin(at(event));
        else this.brush.cancel();
        stage.setPointerCapture(event.pointerId);
        return;
      }
      const whole = stage.classList.contains("whole");
      this.splitting = !whole && this.pointers.size === 1 && (this.view.fitted || this.handle.contains(event.target as Node));
      stage.setPointerCapture(event.pointerId);
      if (this.splitting) {
        this.range.focus({ preventScroll: true });
        if (event.pointerType !== "touch" || this.handle.contains(event.target as Node)) toSplit(event);
      }
    });
    stage.addEventListener("pointermove", event => {
      const before = this.pointers.get(event.pointerId), now = at(event);
      const paints = this.brush?.active && !this.splitting && this.pointers.size < 2;
      if (paints) this.brush!.move(now);
      if (!before) return;
      if (this.pointers.size === 2) {
        const other = [...this.pointers].find(([id]) => id !== event.pointerId)![1];
        const length = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y);
        this.splitting = false;
        this.zoom(length(now) / Math.max(1, length(before)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      } else if (this.splitting) toSplit(event);
      else if (!paints) this.pan(now.x - before.x, now.y - before.y);
      this.pointers.set(event.pointerId, now);
    });
    for (const kind of ["pointerup", "pointercancel"] as const) stage.addEventListener(kind, event => {
      this.pointers.delete(event.pointerId);
      this.brush?.end();
    });
    stage.addEventListener("pointerleave", () => this.brush?.leave());
  }
}
