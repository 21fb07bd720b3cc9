import type {
    EngineResult,
    OperationOptions,
    PreviewOptions,
    StackEngine,
    StepMetadata,
} from "../../lib/rollout/engines/stack-engine";
import type { RolloutStack } from "../../lib/rollout/file/rollout-file";

const ruleType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";

/** What a stack's operations do, one after the other; the last goes on. */
export interface StackScript {
    /** Algorithms by bucket that the program declares. */
    readonly declares: Readonly<Record<string, string>>;
    /** The result of each deployment: an error's text, or none if it succeeds. */
    readonly deployments?: readonly (string | undefined)[];
    /** Buckets that a deployment deploys before it fails. */
    readonly arrives?: readonly string[];
    /** The same as `deployments` for previews. */
    readonly previews?: readonly (string | undefined)[];
}

/** An engine that keeps its stacks in memory and emits the events of a real one. Says what it was asked to do. */
export class ScriptedEngine implements StackEngine {
    readonly name = "scripted";
    readonly asked: string[] = [];
    /** The most operations that ever ran at the same time. */
    mostAtOnce = 0;
    /** Called in the middle of each deployment. */
    duringUp: (stack: string) => Promise<void> | void = () => {};
    #running = 0;
    readonly #deployed = new Map<string, Record<string, string>>();
    readonly #counts = new Map<string, number>();

    constructor(readonly scripts: Record<string, StackScript>) {}

    async preview(stack: RolloutStack, options: PreviewOptions): Promise<EngineResult> {
        return await this.#operate(stack, options, "preview");
    }

    async up(stack: RolloutStack, options: OperationOptions): Promise<EngineResult> {
        return await this.#operate(stack, options, "up");
    }

    /** Stacks that were deployed, in order. */
    get deployments(): string[] {
        return this.asked.filter((text) => text.startsWith("up ")).map((text) => text.slice(3));
    }

    /** Changes what a stack's state has, by bucket. */
    set(stack: string, algorithms: Record<string, string>): void {
        this.#deployed.set(stack, algorithms);
    }

    async #operate(
        stack: RolloutStack,
        { onEvent, cancel }: OperationOptions,
        verb: "preview" | "up",
    ): Promise<EngineResult> {
        this.asked.push(`${verb} ${stack.name}`);
        this.#running += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
        try {
            await new Promise((resolve) => setImmediate(resolve));
            const { declares, previews, deployments, arrives = [] } = this.scripts[stack.name] as StackScript;
            const script = (verb === "up" ? deployments : previews) ?? [];
            const count = this.#counts.get(`${verb} ${stack.name}`) ?? 0;
            this.#counts.set(`${verb} ${stack.name}`, count + 1);
            const error = script[Math.min(count, script.length - 1)];
            const there = this.#deployed.get(stack.name) ?? {};
            for (const [bucket, sseAlgorithm] of Object.entries(declares)) {
                onEvent({ resourcePreEvent: { metadata: stepOf(stack.name, bucket, there[bucket], sseAlgorithm) } });
            }
            if (verb === "up") await this.duringUp(stack.name);
            if (cancel.aborted) return { succeeded: false, printed: "update canceled" };
            if (error !== undefined) {
                for (const bucket of verb === "up" ? arrives : []) {
                    const sseAlgorithm = declares[bucket] as string;
                    onEvent({ resOutputsEvent: { metadata: stepOf(stack.name, bucket, there[bucket], sseAlgorithm) } });
                    this.set(stack.name, { ...this.#deployed.get(stack.name), [bucket]: sseAlgorithm });
                }
                onEvent({ diagnosticEvent: { message: `<{%reset%}>${error}<{%reset%}>\n`, severity: "error" } });
                return { succeeded: false, printed: "" };
            }
            if (verb === "up") {
                for (const [bucket, sseAlgorithm] of Object.entries(declares)) {
                    onEvent({ resOutputsEvent: { metadata: stepOf(stack.name, bucket, there[bucket], sseAlgorithm) } });
                }
                this.#deployed.set(stack.name, { ...declares });
            }
            return { succeeded: true, printed: "" };
        } finally {
            this.#running -= 1;
        }
    }
}

function stepOf(stack: string, bucket: string, before: string | undefined, after: string): StepMetadata {
    const urn = `urn:pulumi:${stack}::project::${ruleType}::${bucket}`;
    const stateOf = (sseAlgorithm: string) => ({
        urn,
        type: ruleType,
        inputs: { bucket, sseAlgorithm },
        outputs: { bucket, sseAlgorithm },
    });
    return {
        op: before === undefined ? "create" : before === after ? "same" : "update",
        urn,
        type: ruleType,
        old: before === undefined ? null : stateOf(before),
        new: stateOf(after),
        diffs: before === undefined || before === after ? null : ["sseAlgorithm"],
    };
}
