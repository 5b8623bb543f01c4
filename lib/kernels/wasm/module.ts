// How a WebAssembly module is put together: types, one imported memory, functions, their names
// outside, their code (https://webassembly.github.io/spec/core/binary/modules.html).
import { type Bytes, name, u32, vec } from "./encode.ts";

const VALUE_TYPES = { i32: 0x7f, v128: 0x7b, f64: 0x7c } as const;
export type ValueType = keyof typeof VALUE_TYPES;

/** In pages of 64 KiB. A shared memory must say its maximum. */
export type Limits = { min: number; max: number; shared: boolean };

/**
 * A function: its parameters come first among its locals; it returns nothing or what `result` says.
 */
export type Func = {
  name: string;
  params: readonly ValueType[];
  locals: readonly ValueType[];
  result?: ValueType;
  body: Bytes;
};

/** Numbers the parameters and locals of a function as they are declared; parameters first. */
export class Scope {
  readonly params: ValueType[] = [];
  readonly locals: ValueType[] = [];

  param(type: ValueType): number {
    this.params.push(type);
    return this.params.length - 1;
  }

  local(type: ValueType): number {
    this.locals.push(type);
    return this.params.length + this.locals.length - 1;
  }
}

const section = (id: number, content: Bytes): Bytes => [id, ...u32(content.length), ...content];
const valueType = (type: ValueType): Bytes => [VALUE_TYPES[type]];

const funcType = (func: Func): Bytes => [
  0x60,
  ...vec(func.params.map(valueType)),
  ...vec(func.result ? [valueType(func.result)] : []),
];

const limits = ({ min, max, shared }: Limits): Bytes => [
  shared ? 0x03 : 0x01,
  ...u32(min),
  ...u32(max),
];

const memoryImport = (memory: Limits): Bytes => [
  ...name("env"),
  ...name("memory"),
  0x02,
  ...limits(memory),
];

const functionExport = (func: Func, index: number): Bytes => [
  ...name(func.name),
  0x00,
  ...u32(index),
];

/** Equal types one after the other, and how many they are. */
function runs(types: readonly ValueType[]): [type: ValueType, count: number][] {
  const all: [ValueType, number][] = [];
  for (const type of types) {
    const last = all.at(-1);
    if (last?.[0] === type) last[1]++;
    else all.push([type, 1]);
  }
  return all;
}

function code(func: Func): Bytes {
  const locals = vec(runs(func.locals).map(([type, count]) => [...u32(count), ...valueType(type)]));
  const bytes = [...locals, ...func.body, 0x0b];
  return [...u32(bytes.length), ...bytes];
}

/** Whether two functions differ in nothing but their names. */
const isSame = ({ name: _, ...a }: Func, { name: __, ...b }: Func): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * The bytes of a module that imports env.memory and exports every function, each with a type of its
 * own. Functions that do the same are one, exported under all their names.
 */
export function encodeModule(memory: Limits, exported: readonly Func[]): Uint8Array<ArrayBuffer> {
  const firstOf = (func: Func) => exported.find((other) => isSame(func, other))!;
  const functions = exported.filter((func) => firstOf(func) === func);
  return new Uint8Array([
    0x00,
    0x61,
    0x73,
    0x6d, // "\0asm"
    0x01,
    0x00,
    0x00,
    0x00, // version 1
    ...section(1, vec(functions.map(funcType))),
    ...section(2, vec([memoryImport(memory)])),
    ...section(3, vec(functions.map((_, index) => u32(index)))),
    ...section(
      7,
      vec(exported.map((func) => functionExport(func, functions.indexOf(firstOf(func))))),
    ),
    ...section(10, vec(functions.map(code))),
  ]);
}
