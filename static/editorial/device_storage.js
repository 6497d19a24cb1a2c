// What a form keeps on this device.

// How the keys begin of what an account typed, in all forms or in the one at a path.
export const getKeyStart = (user, path = "") => `typed|${user}|${path && `${path}|`}`;

// Where storage is blocked or full, nothing is kept and nothing breaks.
export const storage = {
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
  get(key) {
    try {
      const entry = JSON.parse(localStorage.getItem(key));
      return entry?.was && entry.typed ? entry : null;
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* it was not kept */
    }
  },
};
