/** Makes an element: h("button", { class: "main", onclick: go }, "Save"). Attributes that are false or null are left out. */
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;
type Child = Node | string | null | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** One of the page's own drawings, by its path on a 24 by 24 grid. */
export function icon(name: keyof typeof paths): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

const paths = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 100 6 3 3 0 000-6z",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  again: "M20 11a8 8 0 10-2.300 6M20 5v6h-6",
  done: "M5 13l5 5L20 7",
  warn: "M12 4l9 16H3zM12 10v5M12 17.500v.5",
  stop: "M6 6h12v12H6z",
  undo: "M8 6L4 10l4 4M4 10h10a5 5 0 010 10h-4",
  brush: "M20 4L10 14M8 13c-3 0-4 2-4 7 4 0 7-1 7-4a3 3 0 00-3-3z",
  close: "M6 6l12 12M18 6L6 18",
  split: "M12 3v18M8 8l-4 4 4 4M16 8l4 4-4 4",
};

/** 1.4 MB, 320 kB. */
export function size(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}

/** Seconds as people say them. */
export function time(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Says something to people who do not see the page. */
export function say(text: string): void {
  let region = document.getElementById("said");
  if (!region) document.body.append(region = h("div", { id: "said", class: "unseen", role: "status", "aria-live": "polite" }));
  region.textContent = text;
}
