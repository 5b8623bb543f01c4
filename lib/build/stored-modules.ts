// How the package spares its users the emitting of WebAssembly, which takes longer than anything
// else in a first product: the build runs the emitters and stores the bytes that they make. Hex
// digits compress better than base64, whose digits straddle bytes.
import {
  fmaModule,
  type ModuleBytes,
  simdModule,
  trainingModule,
} from "../kernels/wasm/emit-modules.ts";

/** A file that does what emit-modules.ts does, with stored bytes. */
export function storedModules(): string {
  return `
    export const simdModule = ${stored(simdModule)};
    export const fmaModule = ${stored(fmaModule)};
    export const trainingModule = ${stored(trainingModule)};
    function decode(hex, flag, shared) {
      const bytes = new Uint8Array(hex.length / 2);
      for (let i = 0; i < bytes.length; i++)
        bytes[i] = 16 * digit(hex, 2 * i) + digit(hex, 2 * i + 1);
      if (shared) bytes[flag] = 3;
      return bytes;
    }
    function digit(hex, i) {
      const code = hex.charCodeAt(i);
      return code < 58 ? code - 48 : code - 87;
    }
  `;
}

/** A module as its bytes, and where they say whether the memory is shared. */
function stored(moduleOf: ModuleBytes): string {
  const own = moduleOf(false);
  const shared = moduleOf(true);
  const flag = own.findIndex((byte, i) => byte !== shared[i]);
  shared[flag] = own[flag];
  if (own.length !== shared.length || own.some((byte, i) => byte !== shared[i]))
    throw new Error("build: two modules differ in more than one byte");
  return `(shared) => decode("${Buffer.from(own).toString("hex")}", ${flag}, shared)`;
}

/** The esbuild plugin that puts the stored modules into the place of their emitters. */
export const storedWebAssembly = {
  name: "stored WebAssembly",
  setup(build: any) {
    build.onLoad({ filter: /\/emit-modules\.ts$/ }, () => ({ contents: storedModules() }));
  },
};
