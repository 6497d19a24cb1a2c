// Times at which something is set to happen are told in the time zone of the site. Whoever is elsewhere
// types their own, is told that of the site meanwhile, and reads their own beside each that is set.
const SHOWN = {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

// The day and the hour of a moment in a time zone; without one, in that of the browser
const show = (moment, timeZone) => {
  const found = {};
  const format = new Intl.DateTimeFormat("en", { ...SHOWN, timeZone });
  for (const { type, value } of format.formatToParts(moment)) found[type] = value;
  return {
    day: `${found.day} ${found.month} ${found.year}`,
    hour: `${found.hour}:${found.minute}`,
  };
};

// “02:00” or “22:00 on 30 November 2026”; "" where it is the same time as on the site
const tellOwn = (moment, timeZone) => {
  const there = show(moment, timeZone);
  const own = show(moment);
  if (own.day !== there.day) return `${own.hour} on ${own.day}`;
  return own.hour === there.hour ? "" : own.hour;
};

const addStatus = (field) => {
  const status = document.createElement("p");
  status.id = `${field.id}-own-time`;
  status.className = "own-time";
  status.setAttribute("role", "status");
  field.after(status);
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", described ? `${described} ${status.id}` : status.id);
  return status;
};

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

// “2026-12-01T07:00” in the time zone of the browser
const writeOwn = (moment) => {
  const shifted = moment - new Date(moment).getTimezoneOffset() * 60000;
  return new Date(shifted).toISOString().slice(0, 16);
};

// The field is typed in the time zone of the browser, and sent in UTC
const watch = (field) => {
  const { zone } = field.dataset;
  const given = field.getAttribute("value") ?? ""; // What was sent in UTC comes back so after an error.
  const isOfSite = given !== "" && !given.endsWith("Z");
  if (!OWN_ZONE || OWN_ZONE === zone || isOfSite) return;
  const sent = Object.assign(document.createElement("input"), { type: "hidden", name: field.name });
  field.removeAttribute("name");
  field.after(sent);
  if (given) field.value = writeOwn(Date.parse(given));
  field.labels[0].textContent = `Day and hour where you are (${OWN_ZONE}; it is ${show(Date.now()).hour})`;
  const status = addStatus(field);
  const tell = () => {
    const moment = Date.parse(field.value);
    const isTime = !Number.isNaN(moment);
    sent.value = isTime ? new Date(moment).toISOString() : "";
    const there = isTime && show(moment, zone);
    status.textContent = isTime ? `That is ${there.hour} ${zone} on ${there.day}.` : "";
  };
  field.addEventListener("input", tell);
  tell();
};

for (const field of document.querySelectorAll("input[data-zone]")) watch(field);
for (const time of document.querySelectorAll("time[data-zone]")) {
  const own = tellOwn(Date.parse(time.dateTime), time.dataset.zone);
  if (own) time.append(` (${own} for you)`);
}
