// The form of a number: "out of 100" follows from the counts of people, and is typed only without them.
for (const arm of ["treatment", "comparator"]) {
  const [events, total, per100] = ["events", "total", "per100"].map((end) =>
    document.getElementById(`id_${arm}_${end}`),
  );
  if (!per100) continue;
  const told = document.createElement("output");
  told.htmlFor = `${events.id} ${total.id}`;
  per100.after(told);
  const compute = () => {
    const [count, people] = [events, total].map((field) => field.valueAsNumber);
    const isCounted = events.value !== "",
      fits = count >= 0 && people > 0 && count <= people;
    per100.readOnly = isCounted;
    // At an exact half either side fits: what is there stays.
    if (isCounted && fits && Math.abs(per100.value - (100 * count) / people) > 0.5)
      per100.value = Math.round((100 * count) / people);
    else if (isCounted && !fits) per100.value = "";
    told.textContent = isCounted && !fits && total.value !== "" ? "Check the count." : "";
  };
  for (const field of [events, total]) field.addEventListener("input", compute);
  for (const field of [events, total]) field.addEventListener("change", compute);
  compute();
}
