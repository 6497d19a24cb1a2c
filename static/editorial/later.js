// Calls `act` once it was not asked for again for `wait` milliseconds.
export const later = (wait, act) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait, ...given);
  };
};
