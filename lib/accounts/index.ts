export type { CredentialSource, Credentials } from "./credential-source";
