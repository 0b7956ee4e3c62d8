// Light, dark, or what the system says: the button turns to the other one and remembers it where the browser lets a page remember.
const theme = (() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const changed = () => listeners.forEach(listener => listener());

  function remembered(value) {
    try {
      if (value)
        localStorage.setItem("unpress-theme", value);
      return localStorage.getItem("unpress-theme");
    } catch {
      return null; // pages opened from a disk may not remember anything
    }
  }

  const before = remembered();
  if (before === "light" || before === "dark")
    root.dataset.theme = before;
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered(root.dataset.theme);
    changed();
  });
  system.addEventListener("change", changed);

  return {
    isDark,
    onChange: listener => listeners.push(listener),
    colour: name => getComputedStyle(root).getPropertyValue(name).trim(),
  };
})();
