import type { dynamic } from "@pulumi/pulumi";
import { BucketEncryptionLifecycle, type DeclaredProperties } from "../lifecycle";
import { BucketEncryptionSetLifecycle } from "../lifecycle/set/bucket-encryption-set-lifecycle";
import type { ProviderProcess } from "../provider";
import type { RuleIssue } from "../rule";
import { forHost } from "./host-error";
import { checkFailures, fromHost, holdsUnknown, toHost } from "./host-values";

/** What a bucket of a set is told of alone is told of the set as a whole, so only warnings are passed on, each once. */
class WarningsOnly {
    readonly #told = new Set<string>();

    readonly #notice: (text: string) => void;

    constructor(notice: (text: string) => void) {
        this.#notice = notice;
    }

    readonly tell = (text: string): void => {
        if (this.#told.has(text) || !/^warning: |stays, since the stack still declares/.test(text)) return;
        this.#told.add(text);
        this.#notice(text);
    };
}

/** The provider of sets: it translates the host's verbs to the lifecycle's. */
export class BucketEncryptionSetProvider implements dynamic.ResourceProvider {
    readonly #process: ProviderProcess;
    readonly #lifecycle: BucketEncryptionSetLifecycle;

    constructor(process: ProviderProcess) {
        this.#process = process;
        const warnings = new WarningsOnly((text) => process.notice(text));
        this.#lifecycle = new BucketEncryptionSetLifecycle({
            single: new BucketEncryptionLifecycle(process.ports(warnings.tell), {}, process.declared),
            notice: (text) => process.notice(text),
            prepare: (properties) => process.learnOwners(properties),
            cancelled: process.cancelled,
        });
    }

    // The host doesn't wait for `configure` before it lets a second call in, so nothing here may be asynchronous.
    async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#process.configure(config);
    }

    async check(olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.CheckResult> {
        const { inputs, issues } = this.#lifecycle.check(fromHost(olds), fromHost(news));
        const faults = [...issues, ...this.#process.access.issues(inputs.account, inputs.store)];
        const found = faults.length > 0 ? faults : await forHost(this.#askAhead(fromHost(olds), inputs));
        return { inputs: toHost(inputs), failures: checkFailures(found) };
    }

    async diff(_id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.DiffResult> {
        const { changed, replaces } = this.#lifecycle.diff(fromHost(olds), fromHost(news));
        return { changes: changed.length > 0, replaces: [...replaces] };
    }

    async create(inputs: DeclaredProperties): Promise<dynamic.CreateResult> {
        const { id, state } = await forHost(this.#lifecycle.create(fromHost(inputs)), inputs);
        return { id, outs: state };
    }

    async read(id: string, props: DeclaredProperties): Promise<dynamic.ReadResult> {
        const found = await forHost(this.#lifecycle.read(fromHost(props)));
        return found === undefined ? { id: "", props: {} } : { id, props: { ...found.state }, inputs: found.inputs };
    }

    async update(id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.UpdateResult> {
        return { outs: await forHost(this.#lifecycle.update(fromHost(olds), fromHost(news)), news, id) };
    }

    async delete(_id: string, props: DeclaredProperties): Promise<void> {
        await forHost(this.#lifecycle.remove(fromHost(props)));
    }

    /** What a check learns by asking: whose the credentials are, about new keys, and about the buckets that join. */
    async #askAhead(olds: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        if (holdsUnknown(inputs)) return [];
        const strangers = await this.#process.identityIssues(inputs);
        if (strangers.length > 0) return strangers;
        return [...(await this.#lifecycle.verifyKeys(olds, inputs)), ...(await this.#lifecycle.foresee(olds, inputs))];
    }
}
