// What the types have to refuse; tsc fails where one of these is no error.
import type { Guitar, GuitarCreate, GuitarUpdate, Login, operations } from "../../docs/client/api";

// @ts-expect-error: a guitar has a model
export const withoutModel: GuitarCreate = { brand: "Fender" };
// @ts-expect-error: money is a number
export const moneyAsText: GuitarCreate = { brand: "Fender", model: "Telecaster", privateInfo: { currentValue: "1" } };
// @ts-expect-error: there is no such field
export const unknownField: GuitarCreate = { brand: "Fender", model: "Telecaster", colour: "red" };
// @ts-expect-error: a brand cannot be removed
export const brandRemoved: GuitarUpdate = { brand: null };
export const colorRemoved: GuitarUpdate = { color: null };
// @ts-expect-error: a password, or the answer to a challenge, and not both
export const bothForms: Login = { email: "a@example.com", password: "x", session: "y", mfaCode: "123456" };
// @ts-expect-error: in an answer nothing is null
export const color: Guitar["color"] = null;
// @ts-expect-error: this route has no such status
export type Teapot = operations["get_guitar"]["responses"][418];
