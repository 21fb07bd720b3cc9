import { type Properties, packDeclaredMembers } from "../declaration";
import { UserError } from "../errors";
import {
    type BucketEncryptionResource,
    type BucketLister,
    type CheckAnswer,
    newSetResource,
    type ProviderProcess,
    type ReadAnswer,
} from "../provider";
import { identifiedBy, resourceId } from "./resource-id";

type Findings = readonly { readonly path: string; readonly message: string }[];

/** A kind of resource, as this plugin serves it: the engine's ids on the outside, the provider's operations on the inside. */
export interface ProvidedResource {
    check(before: Properties, declared: Properties, lister: BucketLister | undefined): Promise<CheckAnswer>;
    /** @param state of a resource that exists */
    findings(before: Properties, inputs: Properties, state?: Properties): Promise<Findings>;
    diff(
        state: Properties,
        inputs: Properties,
    ): { readonly changed: readonly string[]; readonly replaces: readonly string[] };
    create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }>;
    read(id: string, known: Properties): Promise<(ReadAnswer & { readonly id: string }) | undefined>;
    update(known: Properties, inputs: Properties): Promise<Properties>;
    delete(id: string, state: Properties): Promise<void>;
}

/** The engine reads before each operation, as the plugin asks it to, and a call does not distinguish that from `pulumi refresh`. */
const isUnseen = true;

export function singleBuckets(resource: BucketEncryptionResource): ProvidedResource {
    return {
        check: (before, declared, lister) => resource.check(before, declared, false, lister),
        findings: (before, inputs) => resource.findings(before, inputs),
        diff: (state, inputs) => resource.diff(state, inputs),
        async create(inputs) {
            const { id: bucket, state } = await resource.create(inputs);
            return { id: resourceId(inputs, bucket), state };
        },
        async read(id, properties) {
            const { bucket, known } = identifiedBy(id, properties);
            const found = await resource.read(bucket, known, isUnseen);
            // A resource that was a dynamic one keeps its id.
            return found && { ...found, id: typeof properties.bucket === "string" ? id : resourceId(known, bucket) };
        },
        update: (known, inputs) => resource.update(known, inputs),
        delete: (id, state) => resource.delete(identifiedBy(id, state).bucket, state),
    };
}

export function sets(process: ProviderProcess): ProvidedResource {
    const resource = newSetResource(process);
    return {
        async check(before, declared, lister) {
            const { properties, issues } = packDeclaredMembers(declared, before);
            const answer = await resource.check(before, properties, false, lister);
            return issues.length === 0 ? answer : { inputs: declared, issues: [...issues, ...answer.issues] };
        },
        findings: (before, inputs, state) => resource.findings(before, inputs, state),
        diff: (state, inputs) => resource.diff(state, inputs),
        create: (inputs) => resource.create(inputs),
        async read(id, known) {
            if (known.members === undefined) throw notImportable(id);
            const found = await resource.read(id, known, isUnseen);
            return found && { ...found, id };
        },
        update: (known, inputs) => resource.update(known, inputs),
        delete: (id, state) => resource.delete(id, state),
    };
}

function notImportable(id: string): UserError {
    return new UserError(
        "import-not-supported",
        `The set ${JSON.stringify(id)} is in no state, and sets cannot be imported`,
    );
}
