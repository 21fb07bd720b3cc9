import type { dynamic } from "@pulumi/pulumi";
import type { Properties } from "../declaration";
import {
    isPreview,
    listerOf,
    newResource,
    newSetResource,
    type ProviderProcess,
    type ResourceOperations,
} from "../provider";
import { hostConfiguration } from "./host-configuration";
import { forHost } from "./host-error";
import { processFor } from "./host-process";
import { checkResult, fromHost, isReadable } from "./host-values";

/**
 * The provider that a handler's text leads the dynamic provider host to. It translates the host's calls to operations of the
 * resource. Only types are imported from Pulumi's SDK: the host has its own copy, and loading another would cost half a second.
 */
class HostedResource implements dynamic.ResourceProvider {
    readonly #process: ProviderProcess;
    readonly #resource: ResourceOperations;

    constructor(process: ProviderProcess, resource: ResourceOperations) {
        this.#process = process;
        this.#resource = resource;
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
        await forHost(Promise.resolve(this.#resource.refuseUnfinished?.(state, inputs)));
        return { changes: changed.length > 0 || !isReadable(olds), replaces: [...replaces] };
    }

    async create(inputs: Properties): Promise<dynamic.CreateResult> {
        const { id, state } = await forHost(this.#resource.create(fromHost(inputs)), inputs);
        return { id, outs: state };
    }

    async read(id: string, props: Properties): Promise<dynamic.ReadResult> {
        const found = await forHost(this.#resource.read(id, fromHost(props)));
        return found === undefined ? { id: "", props: {} } : { id, props: { ...found.state }, inputs: found.inputs };
    }

    async update(id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult> {
        return { outs: await forHost(this.#resource.update(fromHost(olds), fromHost(news)), news, id) };
    }

    async delete(id: string, props: Properties): Promise<void> {
        await forHost(this.#resource.delete(id, fromHost(props)));
    }
}

/**
 * The provider of a dynamic provider host: one for the whole process.
 * @param process by default that of the host
 */
export function bucketEncryptionProvider(process: ProviderProcess = processFor("each")): dynamic.ResourceProvider {
    return new HostedResource(process, newResource(process));
}

/** The provider of sets, which shares what it learns with the one of single buckets. */
export function bucketEncryptionSetProvider(process: ProviderProcess = processFor("set")): dynamic.ResourceProvider {
    return new HostedResource(process, newSetResource(process));
}
