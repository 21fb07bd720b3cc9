import { UserError } from "../../errors";
import { parsePropertyPath } from "../values/property-paths";

type Path = readonly (string | number)[];

/** A key such as `namespace:names[0].first`: its configuration key, and the path into the value. */
export interface ConfigPath {
    readonly key: string;
    readonly way: Path;
}

/** Reads a key with a path; only the part before the first `.` or `[` may hold a namespace. @throws UserError `invalid-command` */
export function parseConfigPath(text: string): ConfigPath {
    const end = text.search(/[.[]/);
    const namespaceEnd = end > 0 ? text.slice(0, end).lastIndexOf(":") : -1;
    const path = parsePropertyPath(text.slice(namespaceEnd + 1));
    const [head, ...way] = path ?? [];
    if (typeof head !== "string") throw badPath(`${JSON.stringify(text)} is not a path of a configuration key`);
    return { key: text.slice(0, namespaceEnd + 1) + head, way };
}

/**
 * A structure with one value set. Missing lists and maps on the path are created.
 * @throws UserError `invalid-command` when the path does not fit the structure
 */
export function withValueAt(root: unknown, [head, ...rest]: Path, value: unknown, depth = 1): unknown {
    if (head === undefined) return value;
    const place = isContainer(root) ? root : emptyPlace(root, head, depth);
    if (Array.isArray(place)) {
        if (typeof head !== "number" || head > place.length) {
            throw badPath(`A list of ${place.length} elements has no element ${JSON.stringify(head)}`);
        }
        const items: unknown[] = [...place];
        items[head] = withValueAt(items[head] ?? undefined, rest, value, depth + 1);
        return items;
    }
    if (typeof head !== "string") throw badPath(`A map has no element ${head}`);
    if (rest.length === 0 && head === "secure" && typeof value === "string" && Object.keys(place).length === 0)
        throw badPath('"secure" as the only key of a map means an encrypted value');
    return { ...place, [head]: withValueAt(place[head], rest, value, depth + 1) };
}

/** A structure without the value at the path; unchanged when there is none. */
export function withoutValueAt(root: unknown, [head, ...rest]: Path): unknown {
    if (head === undefined || !isContainer(root)) return root;
    if (Array.isArray(root)) {
        if (typeof head !== "number" || head >= root.length) return root;
        return rest.length === 0
            ? root.filter((_item, index) => index !== head)
            : root.map((item, index) => (index === head ? withoutValueAt(item, rest) : item));
    }
    if (!Object.hasOwn(root, head)) return root;
    const { [head]: former, ...others } = root;
    return rest.length === 0 ? others : { ...root, [head]: withoutValueAt(former, rest) };
}

/** The value at a path; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (value, part) => (isContainer(value) ? (value as Record<string | number, unknown>)[part] : undefined),
        root,
    );
}

const badPath = (what: string): UserError =>
    new UserError("invalid-command", what, {}, { cure: "A path is like `names[0]` or `parent.child`." });

function emptyPlace(root: unknown, head: string | number, depth: number): unknown[] | Record<string, unknown> {
    // Only a plain value at the root is replaced by a structure.
    if (root !== undefined && root !== null && depth > 1)
        throw badPath(`Expected a ${typeof head === "number" ? "list" : "map"} before ${head}`);
    if (typeof head !== "number") return {};
    if (head > mostSkipped)
        throw badPath(`A new list cannot begin with element ${head}; ${mostSkipped} is the highest`);
    return new Array(head + 1).fill(null);
}

/** The elements before the one that is set are empty. A higher number is a mistake and would fill the memory. */
const mostSkipped = 999;

const isContainer = (value: unknown): value is unknown[] | Record<string, unknown> =>
    typeof value === "object" && value !== null && !isSealed(value);

/** `{ secure: <ciphertext> }` stands for one encrypted value. */
const isSealed = (value: object): boolean =>
    Object.keys(value).length === 1 && typeof (value as { secure?: unknown }).secure === "string";
