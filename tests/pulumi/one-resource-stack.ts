import type { dynamic } from "@pulumi/pulumi";
import { newProviderProcess, previewProperty } from "../../lib/provider";
import { bucketEncryptionProvider, bucketEncryptionSetProvider } from "../../lib/pulumi/provider";

export type Properties = Record<string, unknown>;

interface Kept {
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
    /** Whether the last operation kept it though it failed: an engine then updates it in any case. */
    readonly isUnfinished: boolean;
}

/** What a check found wrong, or what an operation threw. */
export class Refused extends Error {}

/** Plays an engine with one resource: calls the provider as engines do, each operation in a process of its own. */
export class OneResourceStack {
    kept: Kept | undefined;
    /** The output of the last operation. */
    printed: string[] = [];

    readonly #kind: "each" | "set";
    readonly #configuration: Readonly<Record<string, string>>;

    constructor(kind: "each" | "set", configuration: Readonly<Record<string, string>>) {
        this.#kind = kind;
        this.#configuration = configuration;
    }

    /** @returns what would be done, or throws what a check refuses */
    preview(declared: Properties): Promise<"create" | "update" | "same"> {
        const asProgram = { ...declared, [previewProperty]: true };
        return this.#inProcess(async (provider) => (await this.#plan(provider, asProgram)).step);
    }

    up(declared: Properties): Promise<"create" | "update" | "same"> {
        return this.#inProcess(async (provider) => {
            const { step, inputs } = await this.#plan(provider, declared);
            if (step === "same") {
                this.kept = { ...(this.kept as Kept), inputs };
                return step;
            }
            const work =
                step === "create"
                    ? provider.create(inputs)
                    : provider.update?.(this.kept?.id ?? "", this.kept?.outputs ?? {}, inputs);
            try {
                const { outs } = (await work) as dynamic.CreateResult;
                const id = step === "create" ? ((await work) as dynamic.CreateResult).id : (this.kept as Kept).id;
                this.kept = { id, inputs, outputs: asHost(outs), isUnfinished: false };
            } catch (error) {
                const { id, properties } = error as { id?: string; properties?: Properties };
                if (id !== undefined) {
                    this.kept = { id, inputs, outputs: asHost(properties), isUnfinished: true };
                }
                throw new Refused((error as Error).message);
            }
            return step;
        });
    }

    refresh(): Promise<void> {
        return this.#inProcess(async (provider) => {
            const { id, outputs } = this.kept as Kept;
            const read = await provider.read?.(id, outputs).catch((error: Error) => {
                throw new Refused(error.message);
            });
            const inputs = plain((read as { inputs?: Properties }).inputs);
            this.kept = read?.id === "" ? undefined : { id, inputs, outputs: asHost(read?.props), isUnfinished: false };
        });
    }

    destroy(): Promise<void> {
        return this.#inProcess(async (provider) => {
            const { id, outputs } = this.kept as Kept;
            await provider.delete?.(id, outputs).catch((error: Error) => {
                throw new Refused(error.message);
            });
            this.kept = undefined;
        });
    }

    async #plan(provider: dynamic.ResourceProvider, declared: Properties) {
        const checked = await provider.check?.(this.kept?.inputs ?? {}, declared);
        const failures = checked?.failures ?? [];
        if (failures.length > 0) {
            throw new Refused(failures.map(({ reason }) => reason).join("\n"));
        }
        const inputs = plain(checked?.inputs);
        if (this.kept === undefined) return { step: "create" as const, inputs };
        const diff = await provider.diff?.(this.kept.id, this.kept.outputs, inputs);
        const isUpdate = diff?.changes === true || this.kept.isUnfinished;
        return { step: isUpdate ? ("update" as const) : ("same" as const), inputs };
    }

    async #inProcess<T>(work: (provider: dynamic.ResourceProvider) => Promise<T>): Promise<T> {
        const makeProvider = this.#kind === "each" ? bucketEncryptionProvider : bucketEncryptionSetProvider;
        const provider = makeProvider(newProviderProcess({ cancelled: new AbortController().signal }));
        const config = { get: (key: string) => this.#configuration[key.replace(/^bucket-encryption:/, "")] };
        await provider.configure?.({ config } as unknown as dynamic.ConfigureRequest);
        const { log } = console;
        this.printed = [];
        console.log = (text: string) => this.printed.push(text.replace(/^bucket-encryption: /, ""));
        try {
            return await work(provider);
        } finally {
            console.log = log;
        }
    }
}

/** As the host keeps what a provider returns: with the provider's text. */
function asHost(properties: unknown): Properties {
    return { ...plain(properties), __provider: "exports.handler = () => undefined;" };
}

/** The value after the wire and a state file. */
function plain(properties: unknown): Properties {
    return JSON.parse(JSON.stringify(properties ?? {}));
}

/** What an operation is refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
        (done) => new Error(`it was not refused: ${JSON.stringify(done)}`),
        (reason: unknown) => reason,
    );
    if (!(error instanceof Refused)) throw error;
    return error.message;
}
