// A net as a safetensors file (formats/safetensors.ts) and back.
import { checkOptions } from "../base/checks.ts";
import { parseSafetensors, serializeSafetensors } from "../formats/safetensors.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import { type Layout, netFromTensors, netToTensors } from "./net-tensors.ts";

/**
 * The net as a safetensors file. `dtype` "float64" (default) is exact, "float32" rounds to 24
 * significant bits. `layout` "twolayer" (default) stores W1 b1 W2 b2 as they are, "torch" the
 * state_dict of nn.Sequential(Linear, ReLU, Linear) for
 * `model.load_state_dict(safetensors.torch.load_file(path))`. `metadata` maps strings to strings;
 * "torch" adds format: "pt". Throws TypeError or RangeError for other values, and for weights
 * beyond float32 when that is asked for.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const { tensors } = parseSafetensors(netToSafetensors(net, { layout: "torch", dtype: "float32" }));
 * console.log([...tensors].map(([name, { shape }]) => `${name} (${shape.join(", ")})`).join(" "));
 * // 0.weight (3, 2) 0.bias (3) 2.weight (2, 3) 2.bias (2)
 */
export function netToSafetensors(
  net: TwoLayerNet,
  options: {
    dtype?: "float64" | "float32";
    layout?: Layout;
    metadata?: { readonly [key: string]: string };
  } = {},
): Uint8Array {
  checkOptions("netToSafetensors", options, ["dtype", "layout", "metadata"]);
  const { dtype, layout = "twolayer", metadata } = options;
  return serializeSafetensors(netToTensors("netToSafetensors", net, layout), {
    dtype,
    metadata: layout === "torch" ? { format: "pt", ...metadata } : metadata,
  });
}

/**
 * The net in a safetensors file of any float or integer type. `layout` says how it is spelt; by
 * default the names decide, and PyTorch's names may be those of any two Linear modules (fc1.weight,
 * …). Tensors beside W1 b1 W2 b2 are ignored. Throws FormatError when the file is none or holds no
 * such net.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log(netFromSafetensors(netToSafetensors(net, { layout: "torch" })).params.W1.equals(net.params.W1)); // true
 */
export function netFromSafetensors(
  bytes: Uint8Array,
  options: { layout?: Layout } = {},
): TwoLayerNet {
  checkOptions("netFromSafetensors", options, ["layout"]);
  return netFromTensors(
    "netFromSafetensors",
    "safetensors",
    parseSafetensors(bytes).tensors,
    options.layout,
  );
}
