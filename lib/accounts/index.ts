export type { CredentialParts } from "./complete-credentials";
export { type CredentialConfiguration, configuredCredentials } from "./configured-credentials";
export { credentialChain } from "./credential-chain";
export type { CredentialSource, Credentials } from "./credential-source";
export { staticCredentials } from "./static-credentials";
