// Reads declarations of events and errors out of the Rust sources. It knows the few forms that they have and fails for any
// other, so that nothing is left out unseen.

/** What a Rust type is in TypeScript, and how its text is read. Amounts are `bigint`; decimals stay text. */
const KINDS = {
  u8: "number",
  u32: "number",
  u64: "number",
  usize: "number",
  u128: "bigint",
  Uint128: "bigint",
  Decimal: "decimal",
  Decimal256: "decimal",
  Price: "decimal",
  Value: "decimal",
  bool: "flag",
  Addr: "text",
  AssetId: "name",
  AssetInfo: "text",
  AssetStatus: "text",
  Stage: "text",
  StopKind: "text",
  String: "text",
  "&'static str": "word",
};

function kindOf(type, where) {
  const inner = /^Option<(.+)>$/.exec(type);
  const kind = KINDS[inner ? inner[1] : type];
  if (kind === undefined) throw new Error(`${where}: what is a ${type}?`);
  return { kind, optional: inner !== null };
}

/** The first sentence lines of `///` comments as one text. */
function docOf(comments) {
  const lines = [...comments.matchAll(/\/\/\/ ?(.*)/g)].map(([, line]) => line);
  return lines.join(" ").trim();
}

/** `field: Type,` with their comments, all of `body`. */
function fieldsOf(body, where) {
  const one = /\s*((?:\/\/[^\n]*\n\s*)*)(?:(\w+)\s*:\s*([^,{}]+?)\s*(?:,|$))?/y;
  const fields = [];
  while (one.lastIndex < body.trimEnd().length) {
    const at = one.lastIndex;
    const [, comments, name, type] = one.exec(body) ?? [];
    if (name === undefined) {
      if (one.lastIndex > at && body.slice(one.lastIndex).trim() === "") break;
      throw new Error(`${where}: no field at \`${body.slice(at, at + 60)}\``);
    }
    fields.push({ name, doc: docOf(comments), ...kindOf(type, `${where}.${name}`) });
  }
  return fields;
}

/** Events of one `events! { "contract"; … }`. */
export function eventsOf(source, file) {
  const [, contract, body] = /\nevents! \{ "([a-z-]+)";\n([\s\S]*?)\n\}\n/.exec(source) ?? [];
  if (contract === undefined) throw new Error(`${file}: no events! in it`);
  const one = /\s*((?:\/\/\/[^\n]*\n\s*)*)(\w+) = "(\w+)" \{([^{}]*)\}\s*/y;
  const events = [];
  while (one.lastIndex < body.length) {
    const at = one.lastIndex;
    const found = one.exec(body);
    if (found === null) throw new Error(`${file}: no event at \`${body.slice(at, at + 60)}\``);
    const [, comments, , what, fields] = found;
    events.push({ type: `${contract}/${what}`, doc: docOf(comments), fields: fieldsOf(fields, `${file}: ${what}`) });
  }
  return events;
}

/** Variants of an error enum: each with its `#[error(…)]`. */
export function errorsOf(source, name, file) {
  const [, body] = new RegExp(`\\npub enum ${name} \\{\\n([\\s\\S]*?)\\n\\}\\n`).exec(source) ?? [];
  if (body === undefined) throw new Error(`${file}: no enum ${name}`);
  const one =
    /\s*((?:\/\/[^\n]*\n\s*)*)#\[error\(([\s\S]*?)\)\]\s*(\w+)\s*(?:\{([^{}]*)\}|\(((?:[^()]|\([^()]*\))*)\))?\s*(?:,\s*|$)/y;
  const variants = [];
  while (one.lastIndex < body.length) {
    const at = one.lastIndex;
    const found = one.exec(body);
    if (found === null) throw new Error(`${file}: no variant of ${name} at \`${body.slice(at, at + 60)}\``);
    const [, comments, attribute, variant, named, tuple] = found;
    const where = `${name}::${variant}`;
    const inner = tuple?.replace(/#\[from\]/, "").trim();
    const doc = docOf(comments);
    if (attribute === "transparent" || attribute === '"{0}"') {
      variants.push({ variant, doc, inner });
      continue;
    }
    const fields = named === undefined ? [] : fieldsOf(named, where);
    if (inner !== undefined) fields.push({ name: "0", doc: "", ...kindOf(inner, where) });
    variants.push({ variant, doc, fields, text: textOf(attribute, where) });
  }
  if ((body.match(/#\[error\(/g) ?? []).length !== variants.length)
    throw new Error(`${file}: ${name} is not read whole`);
  return variants;
}

/** The text of `#[error("…", args)]`; a nameless place is given the name of the field that its argument is made of. */
function textOf(attribute, where) {
  const [, literal, args] = /^\s*("(?:[^"\\]|\\.)*")\s*(?:,\s*([\s\S]*?))?\s*,?\s*$/.exec(attribute) ?? [];
  if (literal === undefined) throw new Error(`${where}: what is #[error(${attribute})]?`);
  const names = [...(args ?? "").matchAll(/\.(\w+)/g)].map(([, field]) => field);
  const text = JSON.parse(literal).replace(/\{\}/g, () => `{${names.shift()}}`);
  if (/\{(undefined|[^}\w]*|\w*[^}\w]\w*)\}/.test(text)) throw new Error(`${where}: what is ${text}?`);
  return text;
}
