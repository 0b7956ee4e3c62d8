// Kept pictures: two of them under a slider, how they differ, and strips of all cycles.
(() => {
  "use strict";
  const place = document.getElementById("gallery");
  if (!place)
    return;
  const { step, images, pictures: kept } = dom.data("gallery-data");
  const metrics = dom.data("charts").metrics;
  const factors = [1, 2, 4, 8, 16, 32];
  const state = { shown: 0, left: 1, right: 2, factor: 3, map: 0 };
  const maps = [["right − original", all => all[0]], ["right − compressed", all => all[1]], ["right − left", all => all[state.left]]];
  let latest = 0;

  const bar = dom.make("div", { className: "controls" });
  const compare = dom.make("div", { className: "compare" });
  const strips = dom.make("div", { className: "strips" });
  place.append(bar, compare, strips);

  // Everything there is of one picture at one setting: original, compressed, each enhancer's cycles or answers.
  function versions(picture) {
    const enhanced = picture.enhanced.flatMap(one => one.cycles.map(cycle => ({ ...cycle, enhancer: one.name, name: title(one, cycle.cycle) })));
    return [{ image: picture.raw, name: "original", figures: {} }, { ...picture.compressed, name: "compressed" }, ...enhanced]
      .map(version => ({ ...version, uri: images[version.image] }));
  }

  function title(enhancer, number) {
    if (step === "cycle")
      return number === 1 ? enhancer.name : `${enhancer.name}, ${number} times`;
    return enhancer.cycles.length === 1 ? enhancer.name : `${enhancer.name}, ${step} ${number}`;
  }

  function figures(version) {
    return metrics.filter(metric => version.figures[metric.name] !== undefined).slice(0, 3)
      .map(metric => `${metric.name} ${dom.number(version.figures[metric.name], metric.decimals)}`).join(" · ");
  }

  function slider(left, right, detail) {
    const image = version => dom.make("img", { src: version.uri, alt: version.name, width: detail.width, height: detail.height });
    const over = dom.make("div", { className: "over" }, image(left));
    const handle = dom.make("div", { className: "bar" });
    const range = dom.make("input", { type: "range", min: 0, max: 100, step: 0.5, value: 50, ariaLabel: `${left.name} against ${right.name}` });
    const move = () => {
      over.style.clipPath = `inset(0 ${100 - range.value}% 0 0)`;
      handle.style.left = `${range.value}%`;
    };
    range.addEventListener("input", move);
    move();
    return dom.make("div", { className: "slider" }, image(right), over, handle,
      dom.make("span", { className: "tag left", textContent: left.name }), dom.make("span", { className: "tag right", textContent: right.name }), range);
  }

  async function difference(canvas, caption, left, right, token) {
    const factor = factors[state.factor];
    const mean = await residual.draw(canvas, left.uri, right.uri, factor);
    if (token === latest)
      caption.textContent = `|${right.name} − ${left.name}| × ${factor}, mean ${mean.toFixed(2)} of 255 in this detail`;
  }

  function show() {
    const picture = kept[state.shown];
    const all = versions(picture);
    state.left = Math.min(state.left, all.length - 1);
    state.right = Math.min(state.right, all.length - 1);
    const [left, right] = [all[state.left], all[state.right]];
    const canvas = dom.make("canvas", { width: picture.detail.width, height: picture.detail.height });
    const caption = dom.make("figcaption", {}, "…");
    const { x, y, width, height } = picture.detail;
    const part = width === picture.whole.width && height === picture.whole.height ? "" : ` — detail ${width}×${height} at ${x}, ${y}`;
    compare.classList.toggle("pixels", width <= 256);
    compare.replaceChildren(
      dom.make("figure", {}, slider(left, right, picture.detail), dom.make("figcaption", {}, [left, right].filter(one => figures(one)).map(one => `${one.name}: ${figures(one)}`).join("; ") + part)),
      dom.make("figure", {}, canvas, caption));
    difference(canvas, caption, maps[state.map][1](all), right, ++latest);
    strips.replaceChildren(...picture.enhanced.filter(one => one.cycles.length > 1).map(one => strip(one, all)));
    for (const [select, index] of [[chooseLeft, state.left], [chooseRight, state.right]]) {
      select.replaceChildren(...all.map((version, at) => new Option(version.name, at)));
      select.value = index;
    }
  }

  function strip(enhancer, all) {
    const own = all.map((version, index) => ({ ...version, index })).filter(version => version.enhancer === enhancer.name);
    const row = [{ ...all[1], index: 1, title: "compressed" }, ...own.map(one => ({ ...one, title: `${step} ${one.cycle}` })), { ...all[0], index: 0, title: "original" }];
    const means = step === "answer"; // figures are of all answers together
    return dom.make("div", {}, dom.make("h3", { textContent: means ? `${enhancer.name}: ${figures(own[0])}` : enhancer.name }), dom.make("div", { className: "strip" }, ...row.map(one => {
      const button = dom.make("button", { type: "button", title: "compare it above", ariaPressed: one.index === state.right }, dom.make("img", { src: one.uri, alt: one.title, loading: "lazy" }));
      button.addEventListener("click", () => { state.right = one.index; show(); });
      return dom.make("figure", {}, button, dom.make("figcaption", {}, one.title, ...(means ? [] : [dom.make("br", {}), figures(one).split(" · ")[0]])));
    })));
  }

  function chooser(label, key) {
    const select = dom.make("select", {});
    select.addEventListener("change", () => { state[key] = Number(select.value); show(); });
    bar.append(dom.make("label", {}, label, select));
    return select;
  }

  dom.choice(bar, "Picture", kept.map(one => `${one.set}/${one.picture}, ${one.codec} ${one.setting}`), index => { state.shown = index; show(); });
  const chooseLeft = chooser("Left", "left");
  const chooseRight = chooser("Right", "right");
  dom.choice(bar, "Map", maps.map(map => map[0]), index => { state.map = index; show(); });
  const factor = dom.choice(bar, "×", factors, index => { state.factor = index; show(); });
  factor.value = state.factor;
  show();
})();
