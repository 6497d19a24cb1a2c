// Times at which something is set to happen are in the time zone of the site. Whoever is elsewhere is
// told their own beside them, and while they type one.
const SHOWN = {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};
const READ = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
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

// How far a time zone is ahead of UTC at a moment, in milliseconds
const getOffset = (moment, timeZone) => {
  const found = {};
  const format = new Intl.DateTimeFormat("en", { ...READ, timeZone });
  for (const { type, value } of format.formatToParts(moment)) found[type] = Number(value);
  return Date.UTC(found.year, found.month - 1, found.day, found.hour, found.minute) - moment;
};

// The moment that “2026-12-01T07:00” names in a time zone; NaN while it is no time
const readMoment = (typed, timeZone) => {
  const asUtc = Date.parse(`${typed}Z`);
  if (Number.isNaN(asUtc)) return asUtc;
  return asUtc - getOffset(asUtc - getOffset(asUtc, timeZone), timeZone);
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

const watch = (field) => {
  const status = addStatus(field);
  const { zone } = field.dataset;
  const tell = () => {
    const moment = readMoment(field.value, zone);
    const own = Number.isNaN(moment) ? "" : tellOwn(moment, zone);
    status.textContent = own && `${show(moment, zone).hour} ${zone} is ${own} for you.`;
  };
  field.addEventListener("input", tell);
  tell();
};

for (const field of document.querySelectorAll("input[data-zone]")) watch(field);
for (const time of document.querySelectorAll("time[data-zone]")) {
  const own = tellOwn(Date.parse(time.dateTime), time.dataset.zone);
  if (own) time.append(` (${own} for you)`);
}
