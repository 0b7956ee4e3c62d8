import { h } from "./dom";

/** Headings, paragraphs, lists, tables and code: as much of Markdown as model cards use. Makes elements, never markup, so a text can do nothing here. */
export function markdown(text: string): HTMLElement[] {
  const lines = text.replaceAll("\r", "").split("\n"), made: HTMLElement[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    const block = (is: (line: string) => boolean) => {
      const from = at;
      while (at < lines.length && is(lines[at]!)) at++;
      return lines.slice(from, at);
    };
    const heading = /^(#{1,4}) +(.*)/.exec(line);
    if (line.trim() === "") at++;
    else if (heading) {
      made.push(h((["h2", "h2", "h3", "h4"] as const)[heading[1]!.length - 1]!, {}, ...inline(heading[2]!)));
      at++;
    } else if (line.startsWith("```")) {
      at++;
      made.push(h("pre", {}, block(one => !one.startsWith("```")).join("\n")));
      at++;
    } else if (line.startsWith("|")) made.push(table(block(one => one.startsWith("|"))));
    else if (/^[-*] /.test(line)) made.push(h("ul", {}, ...items(block(one => /^([-*] |  )/.test(one))).map(item => h("li", {}, ...inline(item)))));
    else made.push(h("p", {}, ...inline(block(one => one.trim() !== "" && !/^(#|```|\||[-*] )/.test(one)).join(" "))));
  }
  return made;
}

/** A line that is set in goes on with the item before it. */
function items(lines: string[]): string[] {
  const all: string[] = [];
  for (const line of lines) {
    if (/^[-*] /.test(line)) all.push(line.slice(2));
    else all.push(`${all.pop() ?? ""} ${line.trim()}`);
  }
  return all;
}

function table(lines: string[]): HTMLElement {
  const rows = lines.filter(line => !/^\|[\s:|-]+\|?$/.test(line) || !line.includes("-")).map(line => line.replace(/^\||\|\s*$/g, "").split("|").map(cell => cell.trim()));
  const [head = [], ...body] = rows;
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table" }, h("table", {},
    head.some(cell => cell !== "") ? h("thead", {}, h("tr", {}, ...head.map(cell => h("th", { scope: "col" }, ...inline(cell))))) : null,
    h("tbody", {}, ...body.map(row => h("tr", {}, ...row.map((cell, k) => k === 0 ? h("th", { scope: "row" }, ...inline(cell)) : h("td", {}, ...inline(cell))))))));
}

/** Bold, code and links; a link that leads to another file of the project is shown as its words, since that file is not here. */
function inline(text: string): (Node | string)[] {
  const made: (Node | string)[] = [];
  let rest = text;
  for (;;) {
    const found = /`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/.exec(rest);
    if (!found) break;
    made.push(rest.slice(0, found.index));
    if (found[1] !== undefined) made.push(h("code", {}, found[1]));
    else if (found[2] !== undefined) made.push(h("strong", {}, ...inline(found[2])));
    else if (/^https?:/.test(found[4]!)) made.push(h("a", { href: found[4]!, rel: "noreferrer" }, ...inline(found[3]!)));
    else made.push(...inline(found[3]!));
    rest = rest.slice(found.index + found[0].length);
  }
  made.push(rest);
  return made;
}
