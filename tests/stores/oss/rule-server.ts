import { ossError, type ReceivedRequest, type Reply, ScriptedServer } from "./scripted-server";

/**
 * The smallest server that keeps rules: it stores each PUT's document as it came and gives it back, with the statuses
 * and codes that the API documents. It knows path style only, and checks no signature.
 */
export class RuleServer {
    /** The document of each bucket, or an empty text. */
    readonly #documents = new Map<string, string>();

    private constructor(readonly server: ScriptedServer) {}

    static async start(): Promise<RuleServer> {
        const rules: RuleServer = new RuleServer(await ScriptedServer.start((request) => rules.#answer(request)));
        return rules;
    }

    createBucket(name: string): void {
        this.#documents.set(name, "");
    }

    deleteBucket(name: string): void {
        this.#documents.delete(name);
    }

    stop(): Promise<void> {
        return this.server.stop();
    }

    #answer({ method, url, body }: ReceivedRequest): Reply {
        const bucket = /^\/([a-z0-9-]+)\/\?encryption=?$/.exec(url)?.[1] ?? "";
        const document = this.#documents.get(bucket);
        if (document === undefined) return ossError(404, "NoSuchBucket", { ec: "0015-00000101" });
        if (method === "PUT") {
            this.#documents.set(bucket, body);
            return { status: 200 };
        }
        if (method === "DELETE") {
            this.#documents.set(bucket, "");
            return { status: 204 };
        }
        return document === ""
            ? ossError(404, "NoSuchServerSideEncryptionRule", { ec: "0005-00000004" })
            : { status: 200, headers: { "content-type": "application/xml" }, body: document };
    }
}
