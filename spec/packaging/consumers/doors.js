// Whether what each subpath exports is the same as what the root exports.
import * as twolayer from "twolayer";
import * as core from "twolayer/core";
import * as data from "twolayer/data";
import * as formats from "twolayer/formats";
import * as model from "twolayer/model";
import * as report from "twolayer/report";
import * as search from "twolayer/search";

// names that begin with an underscore are what the files of the package have of each other
const publicOf = (door) => Object.entries(door).filter(([name]) => !name.startsWith("_"));
const exported = [core, data, formats, model, report, search].flatMap(publicOf);
const same = exported.every(([name, value]) => twolayer[name] === value);
console.log(JSON.stringify({ same, all: exported.length === publicOf(twolayer).length }));
