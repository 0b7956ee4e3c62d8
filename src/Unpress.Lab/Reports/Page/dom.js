// The few helpers that everything below uses.
const dom = (() => {
  "use strict";

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // A labelled list to choose from; no list where there is nothing to choose.
  function choice(parent, label, names, onChange) {
    const select = make("select", {}, ...names.map((name, index) => new Option(name, index)));
    select.addEventListener("change", () => onChange(Number(select.value)));
    if (names.length > 1)
      parent.append(make("label", {}, label, select));
    return select;
  }

  const data = id => JSON.parse(document.getElementById(id).textContent);

  // What rounds to 0 has no sign.
  const number = (value, decimals) => (value === null || value === undefined ? "–" : value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1"));

  return { make, choice, data, number };
})();
