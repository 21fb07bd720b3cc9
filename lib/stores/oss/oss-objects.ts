import { ServiceError } from "../../errors";
import type { ObjectStore } from "../object-store";
import { objectOperations } from "./oss-operations";
import type { OssRequests } from "./oss-requests";

/**
 * Objects of OSS.
 * Source: https://help.aliyun.com/en/oss/developer-reference/putobject, and the page getobject beside it
 */
export class OssObjects implements ObjectStore {
    readonly #requests: OssRequests;

    constructor(requests: OssRequests) {
        this.#requests = requests;
    }

    async write(bucket: string, key: string, text: string): Promise<void> {
        const { write } = objectOperations;
        const request = { operation: write, bucket, object: key, body: text, understand: () => {} };
        await this.#requests.make(request);
    }

    async read(bucket: string, key: string): Promise<string | undefined> {
        const { read } = objectOperations;
        const understand = (body: Buffer): string => body.toString("utf8");
        try {
            return await this.#requests.make({ operation: read, bucket, object: key, understand });
        } catch (error) {
            if (error instanceof ServiceError && error.code === "NoSuchKey") return undefined;
            throw error;
        }
    }
}
