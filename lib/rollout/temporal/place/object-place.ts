import { type ObjectAccess, objectAccess } from "../../../provider";
import type { SharedPlace } from "./shared-place";

/** Objects of a bucket in OSS or S3. Region, endpoint and credentials come from the environment. */
export class ObjectPlace implements SharedPlace {
    readonly name: string;
    readonly #bucket: string;
    readonly #prefix: string;
    readonly #objects: ObjectAccess;

    constructor(
        {
            location,
            store,
            bucket,
            prefix,
        }: { readonly location: string; readonly store: string; readonly bucket: string; readonly prefix: string },
        environment: NodeJS.ProcessEnv,
    ) {
        this.name = location;
        this.#bucket = bucket;
        this.#prefix = prefix === "" ? "" : `${prefix}/`;
        this.#objects = objectAccess(store, environment);
    }

    async write(key: string, text: string): Promise<void> {
        await this.#objects.write(this.#bucket, `${this.#prefix}${key}`, text);
    }

    async read(key: string): Promise<string | undefined> {
        return await this.#objects.read(this.#bucket, `${this.#prefix}${key}`);
    }
}
