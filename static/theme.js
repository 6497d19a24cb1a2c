// Before the first paint: the reader's choices, and the mark that scripts run. Loaded in <head>, so it stays tiny.
{
  const root = document.documentElement;
  root.classList.add("has-js");
  root.classList.toggle("mute", !window.speechSynthesis);
  const asked = new URLSearchParams(location.search).get("depth");
  root.dataset.depth = asked || "plain";
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    root.classList.toggle("still", localStorage.getItem("still") === "1");
    // The address says how much detail before the device does
    root.dataset.depth = asked || localStorage.getItem("depth") || "plain";
  } catch {
    /* storage is blocked: the device's colors, and plain text */
  }
}
