import type { dynamic } from "@pulumi/pulumi";
import type { Properties } from "../declaration";
import {
    type BucketEncryptionSetResource,
    isPreview,
    listerOf,
    newSetResource,
    type ProviderProcess,
} from "../provider";
import { hostConfiguration } from "./host-configuration";
import { forHost } from "./host-error";
import { checkResult, fromHost, isReadable } from "./host-values";

/** The provider of sets: it translates the host's verbs to the resource's. */
export class BucketEncryptionSetProvider implements dynamic.ResourceProvider {
    readonly #process: ProviderProcess;
    readonly #resource: BucketEncryptionSetResource;

    constructor(process: ProviderProcess) {
        this.#process = process;
        this.#resource = newSetResource(process);
    }

    // The host does not wait for `configure` before it makes a second call, so this must not be asynchronous.
    async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#process.configure(hostConfiguration(config));
    }

    async check(olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
        const answer = this.#resource.check(fromHost(olds), fromHost(news), isPreview(news), listerOf(news));
        return checkResult(await forHost(answer));
    }

    async diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
        const [state, inputs] = [fromHost(olds), fromHost(news)];
        const { changed, replaces } = this.#resource.diff(state, inputs);
        await forHost(this.#resource.refuseUnfinished(state, inputs));
        return { changes: changed.length > 0 || !isReadable(olds), replaces: [...replaces] };
    }

    async create(inputs: Properties): Promise<dynamic.CreateResult> {
        const { id, state } = await forHost(this.#resource.create(fromHost(inputs)), inputs);
        return { id, outs: state };
    }

    async read(id: string, props: Properties): Promise<dynamic.ReadResult> {
        const found = await forHost(this.#resource.read(fromHost(props)));
        return found === undefined ? { id: "", props: {} } : { id, props: { ...found.state }, inputs: found.inputs };
    }

    async update(id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult> {
        return { outs: await forHost(this.#resource.update(fromHost(olds), fromHost(news)), news, id) };
    }

    async delete(_id: string, props: Properties): Promise<void> {
        await forHost(this.#resource.delete(fromHost(props)));
    }
}
