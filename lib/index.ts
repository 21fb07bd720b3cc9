export { type ErrorKind, UserError } from "./errors";
