// A net as an npz file (formats/npz.ts), which numpy.load reads, and back.
import { checkOptions } from "../base/checks.ts";
import { readNpz, serializeNpz } from "../formats/npz.ts";
import { checkBytes } from "../formats/tensor.ts";
import type { Deflate, Inflate } from "../formats/zip.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import { netFromTensors, netToTensors } from "./tensors-net.ts";
import type { Layout } from "./tensors-net.ts";

/**
 * The net as an npz file. `dtype` and `layout` are as for netToSafetensors; `deflate` compresses: in Node pass
 * deflateRawSync of node:zlib (weights hardly shrink). Throws as netToSafetensors does.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log([...parseNpz(netToNpz(net)).keys()].join()); // W1,b1,W2,b2
 */
export function netToNpz(
  net: TwoLayerNet,
  options: { dtype?: "float64" | "float32"; layout?: Layout; deflate?: Deflate } = {},
): Uint8Array {
  checkOptions("netToNpz", options, ["dtype", "layout", "deflate"]);
  const { dtype, layout = "twolayer", deflate } = options;
  return serializeNpz(netToTensors("netToNpz", net, layout), { dtype, deflate });
}

/**
 * The net in an npz file of any float or integer type, spelt as netFromSafetensors takes it. `inflate` is needed for files of
 * np.savez_compressed: in Node pass inflateRawSync of node:zlib. Throws FormatError when the file is none or holds no such net.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log(netFromNpz(netToNpz(net)).params.W1.equals(net.params.W1)); // true
 */
export function netFromNpz(bytes: Uint8Array, options: { layout?: Layout; inflate?: Inflate } = {}): TwoLayerNet {
  checkBytes("netFromNpz", bytes);
  checkOptions("netFromNpz", options, ["layout", "inflate"]);
  return netFromTensors("netFromNpz", "npz", readNpz(bytes, options.inflate), options.layout);
}
