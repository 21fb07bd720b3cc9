import { expect } from "chai";
import { type SetState, UnfinishedResource } from "../../../lib/declaration";
import { UserError } from "../../../lib/errors";
import { heldBucketsOf } from "../../../lib/lifecycle/set/held-buckets";
import { type FleetStore, members } from "./fleet-store";

type UnfinishedSet = UnfinishedResource<SetState>;

export const aes = { sseAlgorithm: "AES256" };
export const sm4 = { sseAlgorithm: "SM4" };
export const kms = { sseAlgorithm: "KMS" };

export async function failureOf(work: Promise<unknown>): Promise<UserError | UnfinishedSet> {
    const error = await work.then(
        () => expect.fail("it should have failed"),
        (reason: unknown) => reason,
    );
    expect(error).to.satisfy((thrown: unknown) => thrown instanceof UserError || thrown instanceof UnfinishedResource);
    return error as UserError | UnfinishedSet;
}

export async function unfinished(work: Promise<unknown>): Promise<UnfinishedSet> {
    const error = await failureOf(work);
    expect(error).to.be.instanceOf(UnfinishedResource);
    return error as UnfinishedSet;
}

/** The state of a set of all the store's buckets that was just created; only later requests are counted. */
export async function created(store: FleetStore, inputs: Record<string, unknown> = {}): Promise<SetState> {
    const { state } = await store.set().create({ ...aes, members: members(...store.rules.keys()), ...inputs });
    store.requests.length = 0;
    store.prepared = 0;
    return state;
}

export const held = (state: SetState) => Object.fromEntries(heldBucketsOf(state));
