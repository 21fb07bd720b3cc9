import { malformedRequests } from "../local-cloud/malformed-requests";
import { duration } from "./duration";

malformedRequests(duration);
