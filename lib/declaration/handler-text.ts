/**
 * The value of `__provider` in the state of every `BucketEncryption`: the text that the dynamic provider host evaluates to
 * find the provider. It holds no code of ours and no value of the stack, so an upgrade never shows as a difference and the
 * installed version is always the one that runs.
 *
 * It is a contract with every state ever written, and never changes: `pulumi-bucket-encryption/provider` and its export
 * `bucketEncryptionProvider` must stay where they are.
 */
export const handlerText =
    'exports.handler = () => require("pulumi-bucket-encryption/provider").bucketEncryptionProvider();';

/** The same for a `BucketEncryptionSet`, with its own export, and as unchangeable. */
export const setHandlerText =
    'exports.handler = () => require("pulumi-bucket-encryption/provider").bucketEncryptionSetProvider();';
