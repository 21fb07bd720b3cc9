import { anySequence } from "../model/any-sequence";
import { duration } from "./duration";

anySequence("the embedded engine", duration);
