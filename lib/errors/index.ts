export { type ErrorKind, errorCatalogue } from "./error-catalogue";
export type { ErrorDescription } from "./error-description";
export { unreadable } from "./reading";
export { type ServiceAnswer, ServiceError, unlessAbsent } from "./service-error";
export { type ErrorPlace, UserError, type UserErrorOptions } from "./user-error";
export { readWarning, warningOf } from "./warning";
export { writing } from "./writing";
