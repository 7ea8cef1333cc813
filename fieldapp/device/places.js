// Words with places: `{n}` is filled, and `{n:visit|visits}` is its first word where n is one, else its second.
const PLACE = /\{(\w+)(?::([^{|}]*)\|([^{|}]*))?\}/g;

export const fill = (words, params) =>
  words.replace(PLACE, (_, name, one, many) => {
    const value = String(params[name] ?? "");
    return many === undefined ? value : value === "1" ? one : many;
  });
