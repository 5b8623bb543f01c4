// What a CSV file holds once read: cells by row and column, in 8 bytes each. A number is itself;
// any other cell is a NaN whose lower 32 bits say which of the table's distinct strings it is. A
// cell's number and its text are both to be had.

import { FormatError } from "../../base/errors.ts";
import type { DecimalPoint } from "../../base/number-text.ts";
import type { Remark, Table } from "../../base/table.ts";
import { checkIndex } from "../../matrix/shape.ts";
import { readCell } from "./decimal.ts";
import { countLineEnds } from "./line-ends.ts";

/** Which of the two 32-bit words of a double is the lower one on this machine. */
const LOW = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? 0 : 1;
const TEXT_TAG = 0x7ff80000; // the upper half of a quiet NaN
// The number of distinct strings kept; a Map holds at most 2^24, and later texts rarely recur.
const REMEMBERED = 2 ** 20;

/** The growing side of a table, for the parser. */
export class CsvCells {
  #cells = new Float64Array(0);
  #words = new Uint32Array(0);
  #length = 0;
  readonly #strings: string[] = [];
  readonly #ids = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  /** Whether there is no room for another cell. */
  get isFull(): boolean {
    return this.#length === this.#cells.length;
  }

  /** Makes room for cells when about `factor` times as many as there are now are expected. */
  grow(factor: number): void {
    const count = this.#length;
    const capacity = count < 1024 ? 2048 : Math.ceil(Math.max(1.02 * factor, 1.5) * count);
    const grown = new Float64Array(capacity);
    grown.set(this.#cells);
    this.#cells = grown;
    this.#words = new Uint32Array(grown.buffer);
  }

  addNumber(value: number): void {
    this.#cells[this.#length++] = value;
  }

  addText(text: string): void {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#strings.length;
      const own = (" " + text).slice(1); // a plain slice would keep the whole file's text alive
      this.#strings.push(own);
      if (id < REMEMBERED) this.#ids.set(own, id); // later ones are kept anew each time
    }
    this.#words[2 * this.#length + LOW] = id;
    this.#words[2 * this.#length + 1 - LOW] = TEXT_TAG;
    this.#length++;
  }

  /** Forgets the cells from the given number on. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** The cells, cut to size when more than an eighth is unused, and the strings. */
  finish(): { cells: Float64Array; strings: string[] } {
    const tight = this.#cells.length - this.#length <= this.#length / 8;
    return {
      cells: tight ? this.#cells.subarray(0, this.#length) : this.#cells.slice(0, this.#length),
      strings: this.#strings,
    };
  }
}

/** Where each row begins in the file: its line, and its offset in UTF-16 units. */
export type CsvPlaces = { lines: Uint32Array; offsets: Float64Array };

/**
 * What parseCsv reads: cells by 0-based row and column. Its memory is 8 bytes a cell and the
 * distinct strings. A row or column that is not there is a RangeError, one that is no number a
 * TypeError.
 * @example
 * const fruit = parseCsv("kind,weight\nplum,3\npear,n/a\n", { name: "fruit.csv" });
 * console.log(JSON.stringify(fruit.toRows()), fruit.number(1, 1), fruit.isNumber(0, 1));
 * // [["plum","3"],["pear","n/a"]] NaN true
 * console.log(fruit.error("expected a weight", 1, 1).message); // fruit.csv:3:2: expected a weight
 */
export class CsvTable implements Table {
  /** The file's name in messages. */
  readonly name: string;
  /** Column names, all different; `column_1`, `column_2`, … where the file gives none. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  private readonly cells: Float64Array;
  private readonly words: Uint32Array;
  private readonly strings: readonly string[];
  /** The numbers that the strings mean, such as 1234 for 1,234; NaN for all others. */
  private readonly numbers: Float64Array;
  /** The units of those that have one, by the place of their string. */
  private readonly units: ReadonlyMap<number, string>;
  private readonly places: CsvPlaces;
  readonly remarks: readonly Remark[];

  /** For CsvReader; not exported from the package as a constructor to call. */
  constructor(
    name: string,
    columns: readonly string[],
    data: { cells: Float64Array; strings: readonly string[] },
    places: CsvPlaces,
    { decimal, remarks }: { decimal: DecimalPoint; remarks: readonly Remark[] },
  ) {
    this.name = name;
    this.columns = columns;
    this.rowCount = places.lines.length;
    this.remarks = remarks;
    this.cells = data.cells;
    this.words = new Uint32Array(data.cells.buffer, data.cells.byteOffset, 2 * data.cells.length);
    this.strings = data.strings;
    const units = new Map<number, string>();
    this.numbers = Float64Array.from(data.strings, (text, id) => {
      const read = readCell(text, decimal);
      if (read !== undefined && read.unit !== "") units.set(id, read.unit);
      return read?.value ?? NaN;
    });
    this.units = units;
    this.places = places;
  }

  /**
   * The number in a cell (0-based row and column), where 1,234 is 1234, TRUE is 1 and FALSE is 0;
   * NaN when it holds none. A number with a unit, such as "12 cm", is one where that unit is given.
   */
  number(row: number, column: number, unit = ""): number {
    const i = this.place("number", row, column);
    const value = this.cells[i];
    if (value === value) return value;
    const id = this.words[2 * i + LOW];
    const own = this.units.size === 0 ? undefined : this.units.get(id);
    return own === undefined || own === unit ? this.numbers[id] : NaN;
  }

  /**
   * A cell's text as in the file, without quotes and the blanks around it; a number in JavaScript's
   * spelling of it.
   */
  text(row: number, column: number): string {
    const i = this.place("text", row, column);
    const value = this.cells[i];
    return value === value ? String(value) : this.strings[this.words[2 * i + LOW]];
  }

  /**
   * Whether a cell is a number and its spelling says no more: false for text, empty cells and
   * identifiers such as 007.
   */
  isNumber(row: number, column: number): boolean {
    const value = this.cells[this.place("isNumber", row, column)];
    return value === value;
  }

  /** Where a cell is among all cells. */
  private place(where: string, row: number, column: number): number {
    const { length } = this.columns;
    // One condition (>>> 0 leaves an integer >= 0 as it is), and calls only to throw: a whole table
    // is read through here.
    if (!(row >>> 0 === row && row < this.rowCount && column >>> 0 === column && column < length)) {
      checkIndex(`CsvTable.${where}`, "row", row, this.rowCount);
      checkIndex(`CsvTable.${where}`, "column", column, length);
    }
    return row * length + column;
  }

  /** All cells as text, row by row. */
  toRows(): string[][] {
    return Array.from({ length: this.rowCount }, (_, row) =>
      this.columns.map((_, column) => this.text(row, column)),
    );
  }

  /**
   * The error `name:line:column: message` about a cell, or `name: message` about the table; to be
   * thrown by the caller. The line is the one the cell begins on, the column counts cells from 1,
   * `offset` is where the row begins.
   */
  error(message: string, row?: number, column?: number): FormatError {
    if (row === undefined || column === undefined)
      return new FormatError("csv", message, { source: this.name });
    this.place("error", row, column);
    let line = this.places.lines[row];
    for (let j = 0; j < column; j++) line += countLineEnds(this.text(row, j));
    const offset = this.places.offsets[row];
    return new FormatError("csv", message, { source: this.name, line, column: column + 1, offset });
  }
}
