// Before the first paint: the reader's colors, and the mark that scripts run. Loaded in <head>, so it stays tiny.
document.documentElement.classList.add("has-js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the device's colors are used */ }
