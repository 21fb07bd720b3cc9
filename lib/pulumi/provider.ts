import type { dynamic } from "@pulumi/pulumi";
import {
    type BucketEncryptionInputs,
    BucketEncryptionLifecycle,
    type DeclaredProperties,
    outputOnlyNames,
} from "../lifecycle";
import type { ProviderProcess } from "../provider";
import type { RuleIssue } from "../rule";
import { forHost } from "./host-error";
import { processFor } from "./host-process";
import { checkFailures, fromHost, holdsUnknown, toHost } from "./host-values";

/**
 * The provider that `handlerText` leads the dynamic provider host to. It translates the host's verbs to the lifecycle's.
 * Only the type is imported from Pulumi's SDK: the host has its own copy, and loading another would cost half a second.
 */
class BucketEncryptionProvider implements dynamic.ResourceProvider {
    readonly #process: ProviderProcess;
    readonly #lifecycle: BucketEncryptionLifecycle;

    constructor(process: ProviderProcess) {
        this.#process = process;
        this.#lifecycle = new BucketEncryptionLifecycle(process.ports(), {}, process.declared);
    }

    // The host doesn't wait for `configure` before it lets a second call in, so nothing here may be asynchronous.
    async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#process.configure(config);
    }

    async check(olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.CheckResult> {
        const { inputs, issues: ofRule } = this.#lifecycle.check(fromHost(news));
        const faults = [...ofRule, ...this.#process.access.issues(inputs.account, inputs.store)];
        const issues = faults.length > 0 ? faults : await forHost(this.#askAhead(fromHost(olds), inputs));
        return { inputs: toHost(inputs), failures: checkFailures(issues) };
    }

    async diff(_id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.DiffResult> {
        const { changed, replaces } = this.#lifecycle.diff(fromHost(olds), fromHost(news));
        return { changes: changed.length > 0, replaces: [...replaces] };
    }

    async create(inputs: DeclaredProperties): Promise<dynamic.CreateResult> {
        const outs = await forHost(
            this.#lifecycle.create(fromHost(inputs) as unknown as BucketEncryptionInputs),
            inputs,
        );
        return { id: outs.bucket, outs };
    }

    async read(id: string, props: DeclaredProperties): Promise<dynamic.ReadResult> {
        const state = await forHost(this.#lifecycle.read(id, fromHost(props)));
        if (state === undefined) return { id: "", props: {} };
        const inputs = Object.entries(state).filter(([name]) => !(outputOnlyNames as readonly string[]).includes(name));
        return { id, props: { ...state }, inputs: Object.fromEntries(inputs) };
    }

    async update(_id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.UpdateResult> {
        const inputs = fromHost(news) as unknown as BucketEncryptionInputs;
        return { outs: await forHost(this.#lifecycle.update(fromHost(olds), inputs), news) };
    }

    async delete(id: string, props: DeclaredProperties): Promise<void> {
        await forHost(this.#lifecycle.remove(id, fromHost(props)));
    }

    /** What a check learns by asking: whose the credentials are, about a new key, and about the bucket of a new resource. */
    async #askAhead(olds: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        // On whose behalf isn't known yet: nobody can be asked.
        if (holdsUnknown(inputs.account)) return [];
        const strangers = await this.#process.identityIssues(inputs);
        if (strangers.length > 0) return strangers;
        const issues = await this.#lifecycle.verifyKey(olds, inputs);
        return olds.bucket === undefined ? [...issues, ...(await this.#lifecycle.foresee(inputs))] : issues;
    }
}

/**
 * The provider of a dynamic provider host: one for the whole process.
 * @param process that of the host unless given
 */
export function bucketEncryptionProvider(process: ProviderProcess = processFor("each")): dynamic.ResourceProvider {
    return new BucketEncryptionProvider(process);
}

/** The provider of sets, which shares what it learns with the one of single buckets. */
export function bucketEncryptionSetProvider(process: ProviderProcess = processFor("set")): dynamic.ResourceProvider {
    // Loaded with the first set: most stacks have none.
    const { BucketEncryptionSetProvider }: typeof import("./set-provider") = require("./set-provider");
    return new BucketEncryptionSetProvider(process);
}
