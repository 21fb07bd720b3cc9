/** Keys to sign requests with. Never logged, never put into a message, never part of a state. */
export interface Credentials {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    /** Present on temporary credentials; sent with every request. */
    readonly securityToken?: string;
}

/** Gives the keys that are valid now. Asked before every request, so that temporary credentials are renewed in time. */
export interface CredentialSource {
    /** @throws UserError of kind `no-credentials` when none can be had; the message names the places looked at, never a value */
    getCredentials(): Promise<Credentials>;

    /** Where the credentials that were given last come from, in words; `undefined` before they were asked for. */
    origin?(): string | undefined;

    /**
     * Takes note that a service refused credentials of this source as expired or invalid.
     * @returns whether asking again gives others
     */
    renew?(refused: Credentials): boolean;
}
