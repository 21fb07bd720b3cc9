import { fuzz } from "../fuzz/fuzz";
import { duration } from "./duration";

fuzz(duration);
