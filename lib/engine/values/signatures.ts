/** The key that marks a tagged value, on the wire and in checkpoints, and its tags (sdk/go/common/resource/sig). */
export const signatureKey = "4dabf18193072939515e22adb298388d";

export const signatures = {
    secret: "1b47061264138c4ac30d75fd1eb44270",
    resourceReference: "5cf8f73096256a8f31e491e813e4eb8e",
    outputValue: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    asset: "c44067f5952c0a294b673a41bacd8c17",
    archive: "0def7320c3a5731c473e5ecbe6d01bc7",
    /** A number that JSON cannot represent; only in checkpoints. */
    float: "8ad145fe-0d11-4827-bfd7-1abcbf086f5c",
} as const;

/** The text in place of a value that is not known yet. All of them are read; only the one for strings is written. */
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const unknownSentinels: ReadonlySet<string> = new Set([
    unknownSentinel,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
]);
