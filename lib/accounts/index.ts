export type { CredentialParts } from "./complete-credentials";
export { credentialChain } from "./credential-chain";
export type { CredentialSource, Credentials } from "./credential-source";
export { staticCredentials } from "./static-credentials";
