import { createHash } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { UserError, writing } from "../../errors";
import { replaceFile } from "../../files";
import { cacheFolder } from "./cache-folder";
import { type DataConverterOptions, findPackage, type PayloadCodec, temporalPackages } from "./temporal-packages";

/**
 * Loads the codec that a rollout file names: a module that exports `payloadCodecs`, a list of objects with `encode` and `decode`. Failures
 * go through it too.
 * @param file undefined for none
 * @throws UserError `invalid-payload-codec`, `cache-folder-not-usable`
 */
export async function dataConverter(
    file: string | undefined,
    purpose: keyof typeof temporalPackages,
    environment: NodeJS.ProcessEnv,
): Promise<DataConverterOptions | undefined> {
    if (file === undefined) return undefined;
    const refuse = (what: string, cause?: unknown): UserError =>
        new UserError("invalid-payload-codec", what, { file }, cause === undefined ? {} : { cause });
    let loaded: { payloadCodecs?: unknown; default?: { payloadCodecs?: unknown } };
    try {
        loaded = await import(pathToFileURL(file).href);
    } catch (cause) {
        throw refuse(`The payload codec cannot be loaded: ${(cause as Error).message}`, cause);
    }
    const codecs = loaded.payloadCodecs ?? loaded.default?.payloadCodecs;
    if (!Array.isArray(codecs) || codecs.length === 0 || !codecs.every(isCodec))
        throw refuse("The module exports no `payloadCodecs`, a list of objects with the methods encode and decode");
    return { payloadCodecs: codecs, failureConverterPath: failureConverter(purpose, environment) };
}

function isCodec(value: unknown): value is PayloadCodec {
    const { encode, decode } = (value ?? {}) as Partial<Record<keyof PayloadCodec, unknown>>;
    return typeof encode === "function" && typeof decode === "function";
}

/**
 * A module whose converter sends messages and stack traces of failures through the codec. Temporal loads it by its path, also into the
 * workflows' bundle, so it names the file of the SDK's package, which this package need not see.
 * Source: https://docs.temporal.io/failure-converter
 */
function failureConverter(purpose: keyof typeof temporalPackages, environment: NodeJS.ProcessEnv): string {
    const from = path.dirname(findPackage(temporalPackages[purpose][0]));
    const common = require.resolve("@temporalio/common", { paths: [from] });
    const text = `const { DefaultFailureConverter } = require(${JSON.stringify(common)});
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
`;
    const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const file = path.join(cacheFolder(environment), `failure-converter-${digest}.js`);
    writing("cache-folder-not-usable", file, () => replaceFile(file, text));
    return file;
}
