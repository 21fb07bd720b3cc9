import { isRecord } from "../../declaration";
import type { FileFault } from "./file-fault";
import type { WrittenRollout, WrittenStack, WrittenWave } from "./written-rollout";

type Values = Readonly<Record<string, unknown>>;

/** Replaces an invalid name in a list, so that the others keep their places. No YAML text can contain it. */
const unreadable = "\u0000";

/**
 * The parts of a file that have the schema's shape, so that their meaning can be checked although other parts are faulty: all
 * faults are reported at once.
 */
export function readablePart(value: unknown): WrittenRollout {
    const file = isRecord(value) ? value : {};
    const isWhole = Array.isArray(file.stacks) && Array.isArray(file.waves);
    return {
        ...texts(file, ["workDir"]),
        name: "",
        policyPacks: named(file.policyPacks),
        // Stacks without waves, or waves without stacks, would cause only follow-up faults.
        stacks: isWhole ? (file.stacks as unknown[]).map(stackOf) : [],
        waves: isWhole ? (file.waves as unknown[]).map(waveOf) : [],
    };
}

/** Whether a fault of the meaning only follows from an invalid part. */
export function isOfUnreadable({ message }: FileFault): boolean {
    return message.includes(unreadable);
}

function stackOf(value: unknown, index: number): WrittenStack {
    const stack = isRecord(value) ? value : {};
    return {
        ...texts(stack, ["stack", "workDir", "account", "region"]),
        ...(isRecord(stack.configuration) && { configuration: stack.configuration }),
        ...(isRecord(stack.tags) && { tags: stack.tags as WrittenStack["tags"] & object }),
        name: nameOf(stack, index),
    };
}

function waveOf(value: unknown, index: number): WrittenWave {
    const wave = isRecord(value) ? value : {};
    const hasStacks = Array.isArray(wave.stacks) || isRecord(wave.tags);
    const { pause } = wave;
    return {
        // A wave with invalid stacks is not an empty one.
        ...(hasStacks ? { stacks: named(wave.stacks) } : { stacks: [unreadable] }),
        ...(isRecord(wave.tags) && { tags: wave.tags as WrittenWave["tags"] & object }),
        regionOrder: named(wave.regionOrder),
        ...(isRecord(pause) && typeof pause.until === "string" && { pause: { until: pause.until } }),
        name: hasStacks ? nameOf(wave, index) : `${unreadable}${index}`,
    };
}

function nameOf({ name }: Values, index: number): string {
    return typeof name === "string" ? name : `${unreadable}${index}`;
}

function named(list: unknown): string[] {
    return Array.isArray(list) ? list.map((name) => (typeof name === "string" ? name : unreadable)) : [];
}

function texts(values: Values, names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        names.flatMap((name) => (typeof values[name] === "string" ? [[name, values[name] as string]] : [])),
    );
}
