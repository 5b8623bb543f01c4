// Whether what each subpath exports is the same as what the root exports.
import * as twolayer from "twolayer";
import * as core from "twolayer/core";
import * as data from "twolayer/data";
import * as formats from "twolayer/formats";
import * as model from "twolayer/model";
import * as report from "twolayer/report";

// names that begin with an underscore are what the parts have of each other
const exported = [core, data, formats, model, report].flatMap((door) =>
  Object.entries(door).filter(([name]) => !name.startsWith("_")),
);
const same = exported.every(([name, value]) => twolayer[name] === value);
console.log(JSON.stringify({ same, all: exported.length === Object.keys(twolayer).length }));
