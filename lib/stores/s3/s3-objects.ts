import { ServiceError } from "../../errors";
import type { ObjectStore } from "../object-store";
import { s3Library } from "./s3-library";
import type { S3Requests } from "./s3-requests";

/**
 * Objects of S3.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, and the page of GetObject
 */
export class S3Objects implements ObjectStore {
    readonly #requests: S3Requests;

    constructor(requests: S3Requests) {
        this.#requests = requests;
    }

    async write(bucket: string, key: string, text: string): Promise<void> {
        const { PutObjectCommand } = s3Library();
        const input = { ...this.#requests.addressed(bucket), Key: key, Body: text };
        await this.#requests.make({ operation: "putObject", bucket, object: key }, async (client, options) => {
            await client.send(new PutObjectCommand(input), options);
        });
    }

    async read(bucket: string, key: string): Promise<string | undefined> {
        const { GetObjectCommand } = s3Library();
        const input = { ...this.#requests.addressed(bucket), Key: key };
        try {
            return await this.#requests.make(
                { operation: "getObject", bucket, object: key },
                async (client, options) => {
                    const { Body } = await client.send(new GetObjectCommand(input), options);
                    return await Body?.transformToString("utf-8");
                },
            );
        } catch (error) {
            if (error instanceof ServiceError && error.code === "NoSuchKey") return undefined;
            throw error;
        }
    }
}
