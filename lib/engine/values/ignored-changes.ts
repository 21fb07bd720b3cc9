import { type PropertyPath, parsePropertyPath } from "./property-paths";
import { isPropertyList, isPropertyMap, type PropertyMap, type PropertyValue, Secret } from "./property-value";

/** New inputs with old values in them. */
export interface IgnoredChanges {
    readonly inputs: PropertyMap;
    /** The paths that could not be followed to their end. Values on the way are still restored. */
    readonly lost: readonly string[];
}

interface Reset {
    /** Undefined: nothing. */
    readonly value: PropertyValue | undefined;
    readonly reached: boolean;
}

/**
 * The new inputs, with the values at the paths from the old ones, as the option `ignoreChanges` requires. A value that is new is
 * removed; lists keep their length (sdk/go/common/resource/properties_path.go, Reset). A text that is not a path is ignored.
 */
export function withIgnoredChanges(news: PropertyMap, olds: PropertyMap, paths: readonly string[]): IgnoredChanges {
    let inputs = news;
    const lost: string[] = [];
    for (const text of paths) {
        const path = parsePropertyPath(text);
        if (path === undefined) continue;
        const { value, reached } = reset(path, olds, inputs, { old: false, now: false });
        inputs = value as PropertyMap;
        if (!reached) lost.push(text);
    }
    return { inputs, lost };
}

/** Whether the values are inside a secret. */
interface Hidden {
    readonly old: boolean;
    readonly now: boolean;
}

function reset(
    path: PropertyPath,
    old: PropertyValue | undefined,
    now: PropertyValue | undefined,
    hidden: Hidden,
): Reset {
    const before = old instanceof Secret ? old.value : old;
    const inner = now instanceof Secret ? now.value : now;
    const result = resetPlain(path, before, inner, {
        old: hidden.old || old instanceof Secret,
        now: hidden.now || now instanceof Secret,
    });
    if (!(now instanceof Secret) || result.value === undefined) return result;
    return { value: result.value === inner ? now : new Secret(result.value), reached: result.reached };
}

function resetPlain(
    [head, ...rest]: PropertyPath,
    old: PropertyValue | undefined,
    now: PropertyValue | undefined,
    hidden: Hidden,
): Reset {
    if (head === "*") return resetEach(rest, old, now, hidden);
    if (typeof head === "number") return resetElement(head, rest, old, now, hidden);
    const key = head as string;
    const isMap = isPropertyMap(now);
    if (rest.length === 0) {
        const kept = isPropertyMap(old) && Object.hasOwn(old, key) ? old[key] : undefined;
        if (kept === undefined) return { value: isMap ? without(now, key) : now, reached: true };
        return isMap
            ? { value: { ...now, [key]: asHidden(kept, hidden) }, reached: true }
            : { value: now, reached: false };
    }
    if (!isPropertyMap(old) || !isMap) return { value: now, reached: !(isPropertyMap(old) || isMap) };
    if (!Object.hasOwn(now, key)) return { value: now, reached: !Object.hasOwn(old, key) };
    return within(now, key, reset(rest, old[key], now[key], hidden));
}

/** `*`: every element of a list, every value of a map. */
function resetEach(
    rest: PropertyPath,
    old: PropertyValue | undefined,
    now: PropertyValue | undefined,
    hidden: Hidden,
): Reset {
    if (rest.length === 0) {
        if (isPropertyMap(now)) {
            if (!isPropertyMap(old)) return { value: now, reached: true };
            const kept = Object.entries(old).map(([key, value]) => [key, asHidden(value, hidden)]);
            return { value: Object.fromEntries(kept) as PropertyMap, reached: true };
        }
        if (!isPropertyList(now)) return { value: now, reached: false };
        if (!isPropertyList(old)) return { value: now, reached: true };
        const value = now.map((item, index) => (index < old.length ? asHidden(old[index] ?? null, hidden) : item));
        return { value, reached: old.length === now.length };
    }
    if (isPropertyMap(old) && isPropertyMap(now)) {
        let value: PropertyMap = now;
        for (const key of Object.keys(old)) {
            if (!Object.hasOwn(now, key)) return { value, reached: false };
            const inner = within(value, key, reset(rest, old[key], value[key], hidden));
            value = inner.value as PropertyMap;
            if (!inner.reached) return inner;
        }
        return { value, reached: true };
    }
    if (!isPropertyList(old) || !isPropertyList(now)) return { value: now, reached: false };
    const value = [...now];
    for (let index = 0; index < Math.min(old.length, now.length); index += 1) {
        const inner = reset(rest, old[index], now[index], hidden);
        value[index] = inner.value ?? null;
        if (!inner.reached) return { value, reached: false };
    }
    return { value, reached: old.length === now.length };
}

function resetElement(
    index: number,
    rest: PropertyPath,
    old: PropertyValue | undefined,
    now: PropertyValue | undefined,
    hidden: Hidden,
): Reset {
    if (!isPropertyList(old) || !isPropertyList(now))
        return { value: now, reached: !(isPropertyList(old) || isPropertyList(now)) };
    if (index >= old.length || index >= now.length)
        return { value: now, reached: rest.length === 0 && index >= old.length && index >= now.length };
    const value = [...now];
    if (rest.length === 0) {
        value[index] = asHidden(old[index] ?? null, hidden);
        return { value, reached: true };
    }
    const inner = reset(rest, old[index], now[index], hidden);
    value[index] = inner.value ?? null;
    return { value, reached: inner.reached };
}

/** A value from inside a secret stays secret. */
const asHidden = (value: PropertyValue, { old, now }: Hidden): PropertyValue =>
    old && !now && !(value instanceof Secret) ? new Secret(value) : value;

function without(map: PropertyMap, key: string): PropertyMap {
    if (!Object.hasOwn(map, key)) return map;
    const { [key]: _dropped, ...others } = map;
    return others;
}

const within = (map: PropertyMap, key: string, { value, reached }: Reset): Reset => ({
    value: value === undefined ? without(map, key) : { ...map, [key]: value },
    reached,
});
