import { AsyncLocalStorage } from "node:async_hooks";
import { Client, credentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Sends messages that are not errors to the engine, with the resource that they are about. */
export class EngineLog {
    readonly #resource = new AsyncLocalStorage<string>();
    readonly #underWay = new Set<Promise<void>>();
    #address = "";
    #client: Client | undefined;

    /** Without it, texts are printed. @param address of the engine, `host:port` */
    connect(address: string): void {
        if (address === "" || address === this.#address) return;
        this.#client?.close();
        this.#address = address;
        this.#client = new Client(address, credentials.createInsecure());
    }

    /** Runs work on a resource; every notice of the work belongs to the resource, also one that comes after the work. */
    about<T>(urn: string, work: () => Promise<T>): Promise<T> {
        return this.#resource.run(urn, work);
    }

    readonly tell = (text: string): void => {
        if (this.#client === undefined) {
            process.stderr.write(`bucket-encryption: ${text}\n`);
            return;
        }
        const isWarning = text.startsWith("warning: ");
        const request = new LogRequest();
        request.setSeverity(isWarning ? LogSeverity.WARNING : LogSeverity.INFO);
        request.setMessage(isWarning ? text.slice("warning: ".length) : text);
        request.setUrn(this.#resource.getStore() ?? "");
        const sending = this.#send(this.#client, request);
        this.#underWay.add(sending);
        void sending.then(() => this.#underWay.delete(sending));
    };

    /** Resolves when the engine has every text that was logged so far: an answer must not overtake them. */
    async sent(): Promise<void> {
        await Promise.all(this.#underWay);
    }

    close(): void {
        this.#client?.close();
        // Node 20 keeps each storage that was used, and hands it on with every asynchronous step of the process.
        this.#resource.disable();
    }

    #send(client: Client, request: LogRequest): Promise<void> {
        const { path, requestSerialize, responseDeserialize } = EngineService.log;
        const sending = new Promise<void>((resolve) => {
            client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, () => resolve());
        });
        // An engine that takes no more texts is ending, and a client that was closed throws; nothing depends on these texts.
        return sending.catch(() => undefined);
    }
}
