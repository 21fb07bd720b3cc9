import { type ConfigurationFault, LocalCloudConfigurationError } from "./configuration-error";

/** Reads a value of unknown shape and collects all its faults. */
export class FaultCollector {
    readonly faults: ConfigurationFault[] = [];

    add(path: string, message: string): void {
        this.faults.push({ path, message });
    }

    /**
     * The members of an object that may only have the named ones; undefined (with a fault) for a value that is no
     * object.
     */
    object(value: unknown, path: string, members: readonly string[]): Record<string, unknown> | undefined {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            this.add(path, `must be an object, is ${describe(value)}`);
            return undefined;
        }
        for (const name of Object.keys(value)) {
            if (!members.includes(name)) {
                this.add(join(path, name), `is not known here; allowed are ${members.join(", ")}`);
            }
        }
        return value as Record<string, unknown>;
    }

    /** Calls `item` for each entry of an optional array. */
    array(value: unknown, path: string, item: (value: unknown, path: string) => void): void {
        if (value === undefined) {
            return;
        }
        if (!Array.isArray(value)) {
            this.add(path, `must be an array, is ${describe(value)}`);
            return;
        }
        value.forEach((entry, index) => {
            item(entry, `${path}[${index}]`);
        });
    }

    /**
     * The text at a path, when it is one and matches.
     * @param rule what is allowed, as the end of the sentence "must be …"
     * @param secret the value is not to be shown
     */
    text(value: unknown, path: string, rule: string, pattern: RegExp, secret = false): string | undefined {
        if (typeof value === "string" && pattern.test(value)) {
            return value;
        }
        const found =
            value === undefined ? "is missing" : secret ? `is ${describeType(value)}` : `is ${describe(value)}`;
        this.add(path, `must be ${rule}, ${found}`);
        return undefined;
    }

    optionalText(value: unknown, path: string, rule: string, pattern: RegExp): string | undefined {
        return value === undefined ? undefined : this.text(value, path, rule, pattern);
    }

    optionalInteger(value: unknown, path: string, least: number, most: number): void {
        if (value !== undefined && !(Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) {
            this.add(path, `must be an integer from ${least} to ${most}, is ${describe(value)}`);
        }
    }
}

/** Collects the faults of a value at a path. */
export type Check = (collector: FaultCollector, value: unknown, path: string) => void;

/** Checks each member of an object, and that it has no other one. */
export function checkMembers(
    collector: FaultCollector,
    value: unknown,
    path: string,
    members: Readonly<Record<string, Check>>,
): void {
    const object = collector.object(value, path, Object.keys(members));
    for (const [name, check] of object === undefined ? [] : Object.entries(members)) {
        check(collector, object?.[name], join(path, name));
    }
}

/** @throws LocalCloudConfigurationError when there are any faults */
export function throwFaults(subject: string, { faults }: FaultCollector): void {
    if (faults.length > 0) {
        throw new LocalCloudConfigurationError(subject, faults);
    }
}

/** Finds repeated values that have to be unique. */
export class UniqueNames {
    readonly #paths = new Map<string, string>();

    readonly #collector: FaultCollector;
    readonly #what: string;

    constructor(collector: FaultCollector, what: string) {
        this.#collector = collector;
        this.#what = what;
    }

    add(name: string | undefined, path: string): void {
        if (name === undefined) {
            return;
        }
        const first = this.#paths.get(name);
        if (first === undefined) {
            this.#paths.set(name, path);
        } else {
            this.#collector.add(path, `repeats the ${this.#what} ${JSON.stringify(name)} of ${first}`);
        }
    }
}

export function join(path: string, member: string): string {
    const step = /^[A-Za-z_$][\w$]*$/.test(member) ? member : `[${JSON.stringify(member.slice(0, 60))}]`;
    return path === "" || step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}

/** A long value, and one that contains others, is described by its type: it may be nested without end. */
function describe(value: unknown): string {
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
        return describeType(value);
    }
    const text = JSON.stringify(value) ?? String(value);
    return text.length <= 60 ? text : describeType(value);
}

function describeType(value: unknown): string {
    if (value === null) {
        return "null";
    }
    if (value === "") {
        return "empty";
    }
    return Array.isArray(value) ? "an array" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
