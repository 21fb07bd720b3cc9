import type { Fault, FaultEffect } from "../fault";
import { type Check, checkMembers, FaultCollector, join, throwFaults } from "./fault-collector";

const text =
    (rule: string, pattern: RegExp, isRequired = false): Check =>
    (collector, value, path) => {
        if (isRequired || value !== undefined) {
            collector.text(value, path, rule, pattern);
        }
    };
const integer =
    (least: number, most: number, isRequired = false): Check =>
    (collector, value, path) => {
        if (isRequired && value === undefined) {
            collector.add(path, "is missing");
        }
        collector.optionalInteger(value, path, least, most);
    };
const status = integer(200, 599);
const anyText = text("a text", /^.*$/s);

/** The members of each kind of fault, beside its scope. */
const membersByKind: Readonly<Record<FaultEffect["kind"], Readonly<Record<string, Check>>>> = {
    throttle: {
        status: (collector, value, path) => {
            if (value !== undefined && value !== 503 && value !== 429) {
                collector.add(path, "must be 503 or 429");
            }
        },
    },
    latency: { milliseconds: integer(0, 600_000, true) },
    status: {
        status: integer(200, 599, true),
        code: text("an error code", /^[\w.]{1,100}$/, true),
        message: anyText,
        ec: text("like 0004-00000001", /^\d{4}-\d{8}$/),
    },
    "reset-before": {},
    "reset-after": {},
    truncate: {},
    slow: { bytesPerSecond: integer(1, 1_000_000_000) },
    "wrong-xml": {
        shape: text("not-well-formed, other-root or empty-root", /^(not-well-formed|other-root|empty-root)$/),
    },
    raw: {
        body: text("a text", /^.*$/s, true),
        status,
        contentType: text("a media type", /^[\w.+-]+\/[\w.+-]+(;[ -~]*)?$/),
    },
    hang: {},
    huge: { bytes: integer(1, 100_000_000_000) },
};

const scopeMembers: Readonly<Record<string, Check>> = {
    operation: text("the API's name of an operation", /^[A-Za-z0-9]+$/),
    bucket: text("a bucket's name", /./),
    count: integer(1, 1_000_000_000),
    probability: (collector, value, path) => {
        if (value !== undefined && !(typeof value === "number" && value >= 0 && value <= 1)) {
            collector.add(path, "must be a number from 0 to 1");
        }
    },
};

/**
 * Checks `{"faults": […]}` in full.
 * @param subject names the source in the error: `The faults file f.json`
 * @throws LocalCloudConfigurationError with everything that is wrong
 */
export function validateFaults(value: unknown, subject: string): Fault[] {
    const collector = new FaultCollector();
    const document = collector.object(value, "", ["faults"]);
    if (document !== undefined && document.faults === undefined) {
        collector.add("faults", "is missing");
    }
    collector.array(document?.faults, "faults", (entry, path) => checkFault(collector, entry, path));
    throwFaults(subject, collector);
    return document?.faults as Fault[];
}

/** As `validateFaults`, for one of them. */
export function validateFault(value: unknown, subject: string): void {
    const collector = new FaultCollector();
    checkFault(collector, value, "");
    throwFaults(subject, collector);
}

export function checkFault(collector: FaultCollector, value: unknown, path: string): void {
    const kind = (value as { kind?: unknown } | null)?.kind;
    if (typeof kind !== "string" || !Object.hasOwn(membersByKind, kind)) {
        collector.add(join(path, "kind"), `must be one of ${Object.keys(membersByKind).join(", ")}`);
        return;
    }
    const members = { kind: () => {}, ...scopeMembers, ...membersByKind[kind as FaultEffect["kind"]] };
    checkMembers(collector, value, path, members);
}
